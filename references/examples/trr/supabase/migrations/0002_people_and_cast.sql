begin;

create type core.credit_kind as enum ('host', 'judge', 'narrator', 'producer', 'guest');

create table core.people (
  id uuid primary key default gen_random_uuid(),
  display_name text not null,
  sort_name text,
  born_on date,
  biography text,
  imdb_id text,
  tmdb_id integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint people_display_name_not_blank check (btrim(display_name) <> '')
);

comment on table core.people is 'Somebody who appears in a show or works on one.';

create index people_sort_name_idx on core.people (lower(coalesce(sort_name, display_name)));

-- Main cast and "friends of", season by season.
create table core.cast_members (
  id uuid primary key default gen_random_uuid(),
  season_id uuid not null references core.seasons (id) on delete cascade,
  person_id uuid not null references core.people (id) on delete restrict,
  billing text not null default 'main',
  billing_order smallint,
  left_in_episode integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint cast_members_billing_known check (billing in ('main', 'friend', 'guest')),
  constraint cast_members_season_id_person_id_key unique (season_id, person_id)
);

comment on table core.cast_members is 'A person in the cast of one season.';

create index cast_members_person_id_idx on core.cast_members (person_id);

-- Everything else that somebody is named for in an episode.
create table core.credits (
  id uuid primary key default gen_random_uuid(),
  episode_id uuid not null references core.episodes (id) on delete cascade,
  person_id uuid not null references core.people (id) on delete restrict,
  kind core.credit_kind not null,
  credited_as text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint credits_episode_id_person_id_kind_key unique (episode_id, person_id, kind)
);

comment on table core.credits is 'What a person is credited for in one episode.';

create trigger people_set_updated_at
before update on core.people
for each row execute function core.set_updated_at();

create trigger cast_members_set_updated_at
before update on core.cast_members
for each row execute function core.set_updated_at();

create trigger credits_set_updated_at
before update on core.credits
for each row execute function core.set_updated_at();

commit;
