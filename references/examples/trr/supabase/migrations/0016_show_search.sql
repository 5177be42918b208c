create extension if not exists pg_trgm with schema extensions;

create index shows_title_trgm_idx on core.shows using gin (title extensions.gin_trgm_ops);

create function core.search_shows(p_query text, p_limit integer default 20)
returns setof core.shows
language sql
stable
security invoker
set search_path = ''
as $$
  select s.*
  from core.shows s
  where s.title ilike '%' || replace(replace(replace(p_query, '\', '\\'), '%', '\%'), '_', '\_') || '%'
  order by s.premiered_on desc nulls last, s.id
  limit least(greatest(p_limit, 1), 100);
$$;

comment on function core.search_shows(text, integer) is 'Shows whose title contains the text, newest first.';

revoke execute on function core.search_shows(text, integer) from public;
grant execute on function core.search_shows(text, integer) to anon, authenticated, service_role;
