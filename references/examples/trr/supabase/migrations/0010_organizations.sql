begin;

-- Production companies, networks and fan clubs that work with us.
create table core.organizations (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organizations_slug_format check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint organizations_slug_key unique (slug)
);

comment on table core.organizations is 'A company or club whose members work together in The Reality Report.';

create table core.org_memberships (
  org_id uuid not null references core.organizations (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null default 'viewer' check (role in ('viewer', 'editor', 'admin', 'owner')),
  status text not null default 'invited' check (status in ('invited', 'active', 'removed')),
  invited_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, user_id)
);

comment on table core.org_memberships is 'Who belongs to an organisation, with which role. Only active rows count.';

create index org_memberships_user_id_idx on core.org_memberships (user_id, status);

create trigger organizations_set_updated_at before update on core.organizations
for each row execute function core.set_updated_at();
create trigger org_memberships_set_updated_at before update on core.org_memberships
for each row execute function core.set_updated_at();

-- True when the caller is an active member; reads past row level security on purpose.
create function core.is_org_member(p_org_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select 1
    from core.org_memberships m
    where m.org_id = p_org_id
      and m.user_id = (select auth.uid())
      and m.status = 'active'
  );
$$;

revoke execute on function core.is_org_member(uuid) from public, anon;
grant execute on function core.is_org_member(uuid) to authenticated, service_role;

-- Invitations and roles are changed by the API alone.
grant select on core.organizations, core.org_memberships to authenticated;
grant select, insert, update, delete on core.organizations, core.org_memberships to service_role;

alter table core.organizations enable row level security;
alter table core.org_memberships enable row level security;

create policy organizations_select_member on core.organizations
for select to authenticated
using (core.is_org_member(id));

create policy org_memberships_select_colleague on core.org_memberships
for select to authenticated
using (user_id = (select auth.uid()) or core.is_org_member(org_id));

commit;
