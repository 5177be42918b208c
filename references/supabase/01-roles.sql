-- Roles, as the migrations of supabase/postgres leave them. The superuser `supabase_admin` exists already: initdb made it.
-- Run once per cluster, in any database.

-- Migrations run as `postgres`. It is no superuser, and row level security does not hold it.
create role postgres nosuperuser createdb createrole login replication bypassrls;

-- PostgREST logs in as `authenticator` and becomes one of the three after it has read the token.
-- They were NOINHERIT until 2023-05; the release image makes them INHERIT.
create role anon nologin inherit;
create role authenticated nologin inherit;
create role service_role nologin inherit bypassrls;
create role authenticator login noinherit;

create role supabase_auth_admin login noinherit;
create role supabase_storage_admin login noinherit;
create role supabase_realtime_admin nologin noinherit;
create role supabase_functions_admin login noinherit createrole;
create role supabase_replication_admin login replication;
create role supabase_read_only_user login bypassrls;
create role dashboard_user createdb createrole replication;
create role pgbouncer login;

grant anon, authenticated, service_role to authenticator;
grant authenticator to supabase_storage_admin;
grant pg_read_all_data to supabase_read_only_user;

-- Up to 15, CREATEROLE alone lets `postgres` grant these on and alter them; from 16 it needs the admin option.
grant anon, authenticated, service_role, authenticator to postgres with admin option;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres with admin option;

-- Hosted, the extension supautils lets `postgres` create policies and triggers on auth, storage and realtime tables that
-- it does not own: CREATE, ALTER and DROP POLICY run as its superuser (supautils.policy_grants), COMMENT ON POLICY since 3.3.0.
-- Membership of the owners gives the same here, and more: a replay may pass that hosted refuses. Generated files are run
-- without it by a test.
grant supabase_auth_admin, supabase_storage_admin, supabase_realtime_admin to postgres;

-- Settings that supautils allows to `postgres`.
grant set on parameter session_replication_role, log_min_messages, log_lock_waits, track_io_timing to postgres;
grant set on parameter
  pgrst.db_schemas, pgrst.db_extra_search_path, pgrst.db_max_rows, pgrst.db_pre_request, pgrst.db_aggregates_enabled,
  pgrst.db_plan_enabled, pgrst.db_tx_end, pgrst.openapi_mode
  to postgres;

alter role supabase_admin set search_path = "$user", public, auth, extensions;
alter role postgres set search_path = "$user", public, extensions;
alter role supabase_auth_admin set search_path = auth;
alter role supabase_storage_admin set search_path = storage;

-- A request through the Data API is cut off after these.
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
