create schema app;
grant usage on schema app to anon, authenticated, service_role;
create extension if not exists pg_trgm with schema extensions;
create table app.organizations (id uuid primary key default gen_random_uuid(), name text not null, created_at timestamptz not null default now());
create table app.memberships (
  org_id uuid not null references app.organizations on delete cascade, user_id uuid not null, role text not null check (role in ('viewer', 'editor', 'admin')),
  primary key (org_id, user_id));
create index memberships_user on app.memberships (user_id);
alter table app.organizations enable row level security;
alter table app.memberships enable row level security;
grant select on app.organizations, app.memberships to service_role;
