-- Stands for pgsodium, deprecated by Supabase: its schema and the roles that old migrations grant to.
create schema pgsodium;
do $$
declare
  name text;
begin
  foreach name in array array['pgsodium_keyiduser', 'pgsodium_keyholder', 'pgsodium_keymaker'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = name) then
      execute format('create role %I', name);
      execute format('grant %I to postgres with admin option', name);
    end if;
  end loop;
end
$$;
