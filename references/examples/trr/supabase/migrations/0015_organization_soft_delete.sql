begin;

-- A closed organisation keeps its history, but its members see nothing of it any more.
alter table core.organizations add column deleted_at timestamptz;

create index organizations_deleted_at_idx on core.organizations (deleted_at) where deleted_at is not null;

create or replace function core.is_org_member(p_org_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select 1
    from core.org_memberships m
    join core.organizations o on o.id = m.org_id
    where m.org_id = p_org_id
      and m.user_id = (select auth.uid())
      and m.status = 'active'
      and o.deleted_at is null
  );
$$;

drop policy org_memberships_select_colleague on core.org_memberships;
create policy org_memberships_select_colleague on core.org_memberships
for select to authenticated
using (core.is_org_member(org_id));

commit;
