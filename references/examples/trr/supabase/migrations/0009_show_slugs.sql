begin;

-- Addresses like /shows/the-traitors instead of ids.
alter table core.shows add column slug text;

with wanted as (
  select id,
         coalesce(nullif(btrim(regexp_replace(lower(title), '[^a-z0-9]+', '-', 'g'), '-'), ''), 'show') as base
  from core.shows
),
numbered as (
  select id, base, row_number() over (partition by base order by id) as n
  from wanted
)
update core.shows s
set slug = numbered.base || case when numbered.n > 1 then '-' || numbered.n else '' end
from numbered
where numbered.id = s.id
  and s.slug is null;

alter table core.shows
  alter column slug set not null,
  add constraint shows_slug_format check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  add constraint shows_slug_key unique (slug);

commit;
