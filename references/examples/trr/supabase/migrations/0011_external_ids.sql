begin;

-- One place for the identifiers of other catalogues, instead of a column for each of them.
alter table core.shows add column external_ids jsonb not null default '{}'::jsonb;
alter table core.seasons add column external_ids jsonb not null default '{}'::jsonb;
alter table core.episodes add column external_ids jsonb not null default '{}'::jsonb;
alter table core.people add column external_ids jsonb not null default '{}'::jsonb;

update core.shows
set external_ids = external_ids || jsonb_strip_nulls(jsonb_build_object('imdb', imdb_id, 'tmdb', tmdb_id))
where imdb_id is not null or tmdb_id is not null;

update core.people
set external_ids = external_ids || jsonb_strip_nulls(jsonb_build_object('imdb', imdb_id, 'tmdb', tmdb_id))
where imdb_id is not null or tmdb_id is not null;

alter table core.shows
  add constraint shows_external_ids_is_object check (jsonb_typeof(external_ids) = 'object');
alter table core.seasons
  add constraint seasons_external_ids_is_object check (jsonb_typeof(external_ids) = 'object');
alter table core.episodes
  add constraint episodes_external_ids_is_object check (jsonb_typeof(external_ids) = 'object');
alter table core.people
  add constraint people_external_ids_is_object check (jsonb_typeof(external_ids) = 'object');

create unique index shows_external_imdb_key on core.shows ((external_ids ->> 'imdb'))
  where external_ids ? 'imdb';
create unique index shows_external_tmdb_key on core.shows ((external_ids ->> 'tmdb'))
  where external_ids ? 'tmdb';
create unique index people_external_imdb_key on core.people ((external_ids ->> 'imdb'))
  where external_ids ? 'imdb';

alter table core.shows drop column imdb_id, drop column tmdb_id;
alter table core.people drop column imdb_id, drop column tmdb_id;

commit;
