begin;

create schema if not exists core;

comment on schema core is 'The catalogue: shows, seasons, episodes, people, images, organisations.';

create function core.set_updated_at()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end;
$$;

comment on function core.set_updated_at() is 'Before update, for each row: keeps updated_at.';

create table core.shows (
  id uuid primary key default gen_random_uuid(),
  title text not null,
  tagline text,
  synopsis text,
  network text,
  premiered_on date,
  ended_on date,
  imdb_id text,
  tmdb_id integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint shows_title_not_blank check (btrim(title) <> ''),
  constraint shows_ended_after_premiere check (ended_on is null or ended_on >= premiered_on)
);

comment on table core.shows is 'One reality show, across all of its seasons.';

create table core.seasons (
  id uuid primary key default gen_random_uuid(),
  show_id uuid not null references core.shows (id) on delete cascade,
  season_number integer not null,
  title text,
  premiered_on date,
  finale_on date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint seasons_season_number_positive check (season_number > 0),
  constraint seasons_show_id_season_number_key unique (show_id, season_number)
);

comment on table core.seasons is 'A season of a show.';

create table core.episodes (
  id uuid primary key default gen_random_uuid(),
  season_id uuid not null references core.seasons (id) on delete cascade,
  episode_number integer not null,
  title text not null,
  synopsis text,
  runtime_minutes smallint,
  aired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint episodes_episode_number_not_negative check (episode_number >= 0),
  constraint episodes_runtime_plausible check (runtime_minutes between 1 and 600),
  constraint episodes_season_id_episode_number_key unique (season_id, episode_number)
);

comment on table core.episodes is 'An episode; number 0 is a special or a reunion.';

create index episodes_aired_at_idx on core.episodes (aired_at desc);

create trigger shows_set_updated_at
before update on core.shows
for each row execute function core.set_updated_at();

create trigger seasons_set_updated_at
before update on core.seasons
for each row execute function core.set_updated_at();

create trigger episodes_set_updated_at
before update on core.episodes
for each row execute function core.set_updated_at();

commit;
