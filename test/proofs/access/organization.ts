import { type Design, column, deleted, design, id, owner, permanent, stamps, table } from './designs.ts'

const history = `
  create schema app;
  create schema private;
  grant usage on schema app to anon, authenticated, service_role;
  create table app.organizations (id uuid primary key default gen_random_uuid(), name text not null, deleted_at timestamptz);
  create table app.memberships (
    org_id uuid not null references app.organizations on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    role text not null check (role in ('viewer', 'editor', 'admin', 'owner')),
    status text not null default 'invited' check (status in ('invited', 'active')),
    primary key (org_id, user_id)
  );
  alter table app.organizations enable row level security;
  alter table app.memberships enable row level security;`

const tables = `
  create table app.shows (id uuid primary key default gen_random_uuid(), org_id uuid not null references app.organizations, title text not null, unique (org_id, id),
    created_at timestamptz not null default now(), updated_at timestamptz not null default now());
  create table app.clips (
    id uuid primary key default gen_random_uuid(), org_id uuid not null references app.organizations, owner_id uuid default auth.uid() references auth.users on delete set null,
    show_id uuid not null, title text not null check (char_length(title) between 1 and 20), status text not null default 'draft' check (status in ('draft', 'published')),
    score integer, unique (org_id, title), created_at timestamptz not null default now(), updated_at timestamptz not null default now(), deleted_at timestamptz,
    foreign key (org_id, show_id) references app.shows (org_id, id)
  );
  alter table app.shows enable row level security;
  alter table app.clips enable row level security;
  revoke all on app.shows, app.clips from anon, authenticated, service_role`

export const helper = (conditions: string) => `
  create or replace function private.org_ids(min_role text) returns setof uuid language sql stable security definer set search_path = '' as $$
    select m.org_id from app.memberships as m join app.organizations as o on o.id = m.org_id
    where m.user_id = (select auth.uid()) and ${conditions} $$`

export const roleIsEnough = "array_position(array['viewer', 'editor', 'admin', 'owner'], m.role) >= array_position(array['viewer', 'editor', 'admin', 'owner'], min_role)"

const member = (role: string) => `org_id = any (array(select private.org_ids('${role}'))) and ${permanent}`
const own = 'owner_id = (select auth.uid())'
const removal = (name: string, mark: string, which: string, role: string) => `
  create function app.${name}(target uuid) returns boolean language sql security definer set search_path = '' as $$
    with changed as (update app.clips set deleted_at = ${mark} where id = target and deleted_at ${which} and ${member(role)} returning 1) select exists (select from changed) $$;
  revoke all on function app.${name}(uuid) from public, anon;
  grant execute on function app.${name}(uuid) to authenticated`

const rls = [
  helper(`${roleIsEnough} and m.status = 'active' and o.deleted_at is null`),
  'revoke all on function private.org_ids(text) from public',
  'grant execute on function private.org_ids(text) to authenticated',
  `create policy shows_select on app.shows for select to authenticated using (${member('viewer')})`,
  `create policy clips_select on app.clips for select to authenticated using (${member('viewer')} and deleted_at is null)`,
  `create policy clips_insert on app.clips for insert to authenticated with check (${member('editor')} and ${own})`,
  `create policy clips_update on app.clips for update to authenticated
     using (${member('editor')} and (${own} or org_id = any (array(select private.org_ids('admin')))) and deleted_at is null)
     with check (${member('editor')} and (${own} or org_id = any (array(select private.org_ids('admin')))) and deleted_at is null)`,
  removal('delete_clips', 'now()', 'is null', 'admin'),
  removal('undelete_clips', 'null', 'is not null', 'admin'),
  'grant select on app.shows, app.clips to authenticated',
  'grant insert (org_id, owner_id, show_id, title, status) on app.clips to authenticated',
  'grant update (show_id, title, status) on app.clips to authenticated',
  'grant select, insert, update, delete on app.shows, app.clips to service_role',
].join(';\n')

const foreignKey = {
  name: 'clips_org_id_show_id_fkey', columns: ['org_id', 'show_id'], references: { table: { schema: 'app', name: 'shows' }, columns: ['org_id', 'id'] },
  onDelete: 'no action' as const, setNullColumns: null, because: null, deferrable: false, tenantScoped: true,
}
const titleKey = { name: 'clips_org_id_title_key', columns: ['org_id', 'title'], where: null, nullsNotDistinct: false, kind: 'constraint' as const, tenantScoped: true, forChildren: false }
const call = (name: string) => ({
  name: { schema: 'app', name }, arguments: 'target uuid', argumentTypes: 'uuid', definition: 'create function\nsecurity definer\n', comment: '', executableBy: ['authenticated' as const],
  kind: 'client call' as const, exists: false, file: 'rls' as const,
})
const role = (name: string) => ({ own: { role: name }, any: { role: name } })
const tenant = column('org_id', 'uuid', { origin: 'tenant' })

/** Members see, editors write what is theirs, admins write everything and delete by function. */
export const organization: Design = design(
  history,
  {
    model: 'organization', column: 'org_id', type: 'uuid', organizations: { schema: 'app', name: 'organizations' }, organizationKey: 'id', organizationDeleted: 'deleted_at',
    memberships: { table: { schema: 'app', name: 'memberships' }, user: 'user_id', organization: 'org_id', role: 'role', where: "status = 'active'" },
    roles: ['viewer', 'editor', 'admin', 'owner'], create: false,
  },
  [
    { table: table('shows', [id, tenant, column('title', 'text'), ...stamps], { select: role('viewer') }, { tenantColumn: 'org_id' }) },
    {
      table: table(
        'clips',
        [id, tenant, owner(true), column('show_id', 'uuid'), column('title', 'text'), column('status', 'text', { default: "'draft'" }), column('score', 'integer', { nullable: true, serverOnly: true }), ...stamps, deleted],
        { select: role('viewer'), insert: { own: { role: 'editor' }, any: 'service' }, update: { own: { role: 'editor' }, any: { role: 'admin' } }, delete: role('admin') },
        { tenantColumn: 'org_id', softDelete: 'rpc' },
      ),
      plan: { foreignKeys: [foreignKey], uniques: [titleKey] },
    },
  ],
  { tables, rls },
  [{ ...call('org_ids'), name: { schema: 'private', name: 'org_ids' }, arguments: 'min_role text', argumentTypes: 'text', kind: 'policy helper' }, call('delete_clips'), call('undelete_clips')],
)
