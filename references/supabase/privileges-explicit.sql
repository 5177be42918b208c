-- Every project since 2026-10-30: the API roles get nothing that is not granted by name. Functions stay executable for
-- PUBLIC, as Postgres makes them; that is not a default privilege of Supabase.
alter default privileges for role postgres in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public revoke all on functions from anon, authenticated, service_role;
