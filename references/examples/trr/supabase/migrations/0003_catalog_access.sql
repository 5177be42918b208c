begin;

-- Everybody reads the catalogue; the importers write it as service_role.
grant usage on schema core to anon, authenticated, service_role;

revoke all on core.shows, core.seasons, core.episodes, core.people, core.cast_members, core.credits
  from anon, authenticated;

grant select on core.shows, core.seasons, core.episodes, core.people, core.cast_members, core.credits
  to anon, authenticated;

grant select, insert, update, delete
  on core.shows, core.seasons, core.episodes, core.people, core.cast_members, core.credits
  to service_role;

alter table core.shows enable row level security;
alter table core.seasons enable row level security;
alter table core.episodes enable row level security;
alter table core.people enable row level security;
alter table core.cast_members enable row level security;
alter table core.credits enable row level security;

create policy shows_select_all on core.shows
for select to anon, authenticated using (true);

create policy seasons_select_all on core.seasons
for select to anon, authenticated using (true);

create policy episodes_select_all on core.episodes
for select to anon, authenticated using (true);

create policy people_select_all on core.people
for select to anon, authenticated using (true);

create policy cast_members_select_all on core.cast_members
for select to anon, authenticated using (true);

create policy credits_select_all on core.credits
for select to anon, authenticated using (true);

commit;
