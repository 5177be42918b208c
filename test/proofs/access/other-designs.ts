import { type Design, column, deleted, design, id, nobody, owner, permanent, serviceOnly, stamps, table } from './designs.ts'

const history = `
  create schema app;
  create schema private;
  grant usage on schema app to anon, authenticated, service_role`
const timestamps = 'created_at timestamptz not null default now(), updated_at timestamptz not null default now()'
const closed = (name: string) => `alter table app.${name} enable row level security; revoke all on app.${name} from anon, authenticated, service_role`
const mine = `owner_id = (select auth.uid()) and ${permanent}`
const signedIn = { own: 'signed_in' as const, any: 'nobody' as const }

/** Lists of one user each; a DELETE marks. */
export const lists: Design = design(
  history,
  { model: 'none' },
  [
    {
      table: table('lists', [id, owner(), column('name', 'text'), ...stamps, deleted], { select: signedIn, insert: signedIn, update: signedIn, delete: signedIn }, { softDelete: 'on_delete' }),
    },
  ],
  {
    tables: `
      create table app.lists (id uuid primary key default gen_random_uuid(), owner_id uuid not null default auth.uid() references auth.users on delete restrict,
        name text not null check (name ~ '^[a-z]+( [a-z0-9]+)*$'), ${timestamps}, deleted_at timestamptz);
      create unique index on app.lists (owner_id, name) where deleted_at is null;
      create function private.mark_lists_deleted() returns trigger language plpgsql security definer set search_path = '' as $$
        begin
          if old.deleted_at is not null then return old; end if;
          update app.lists set deleted_at = now() where id = old.id;
          return null;
        end $$;
      create trigger mark before delete on app.lists for each row execute function private.mark_lists_deleted();
      ${closed('lists')}`,
    rls: `
      create policy s on app.lists for select to authenticated using (${mine} and deleted_at is null);
      create policy i on app.lists for insert to authenticated with check (${mine});
      create policy u on app.lists for update to authenticated using (${mine} and deleted_at is null) with check (${mine} and deleted_at is null);
      create policy d on app.lists for delete to authenticated using (${mine} and deleted_at is null);
      grant select, delete, insert (owner_id, name), update (name) on app.lists to authenticated;
      grant select, insert, update, delete on app.lists to service_role`,
  },
)

/** Published posts for everybody; the author sees what is theirs. The key is a number. */
export const posts: Design = design(
  history,
  { model: 'none' },
  [
    {
      table: table(
        'posts',
        [column('id', 'bigint', { origin: 'id', identity: true }), owner(true), column('status', 'text', { default: "'draft'" }), column('body', 'text'), column('labels', 'text[]', { default: "'{}'" }), ...stamps],
        {
          select: { own: 'signed_in', any: 'anyone' }, insert: { own: 'signed_in', any: 'service' }, update: { own: 'signed_in', any: 'service' }, delete: nobody,
          where: { own: null, any: "status = 'published'" },
        },
      ),
    },
  ],
  {
    tables: `
      create table app.posts (id bigint generated always as identity primary key, owner_id uuid default auth.uid() references auth.users on delete set null,
        status text not null default 'draft' check (status in ('draft', 'review', 'published')), body text not null, labels text[] not null default '{}',
        ${timestamps}, check (status <> 'published' or char_length(body) > 3));
      ${closed('posts')}`,
    rls: `
      create policy s on app.posts for select to anon, authenticated using (status = 'published' or (${mine}));
      create policy i on app.posts for insert to authenticated with check (${mine});
      create policy u on app.posts for update to authenticated using (${mine}) with check (${mine});
      grant select on app.posts to anon, authenticated;
      grant insert (owner_id, status, body, labels), update (status, body, labels) on app.posts to authenticated;
      grant select, insert, update on app.posts to service_role`,
  },
)

const sameTenant = `tenant_id = (select private.tenant_id()) and ${permanent}`
const tenant = { own: 'tenant' as const, any: 'tenant' as const }

/** Feeds of a partner, whose name comes with the token. */
export const feeds: Design = design(
  history,
  { model: 'tenant_column', column: 'tenant_id', type: 'uuid', claim: ['app_metadata', 'tenant_id'] },
  [
    {
      table: table('feeds', [id, column('tenant_id', 'uuid', { origin: 'tenant' }), column('name', 'text'), column('target_url', 'text'), column('signing_key', 'text', { nullable: true, serverOnly: true }), ...stamps], { select: tenant, insert: tenant, update: tenant, delete: serviceOnly }, { tenantColumn: 'tenant_id' }),
    },
  ],
  {
    tables: `
      create table app.feeds (id uuid primary key default gen_random_uuid(), tenant_id uuid not null, name text not null, target_url text not null check (target_url like 'https://%'),
        signing_key text, ${timestamps}, unique (tenant_id, name));
      ${closed('feeds')}`,
    rls: `
      create function private.tenant_id() returns uuid language sql stable set search_path = '' as $$ select nullif(auth.jwt() #>> '{app_metadata,tenant_id}', '')::uuid $$;
      revoke all on function private.tenant_id() from public;
      grant execute on function private.tenant_id() to authenticated;
      create policy s on app.feeds for select to authenticated using (${sameTenant});
      create policy i on app.feeds for insert to authenticated with check (${sameTenant});
      create policy u on app.feeds for update to authenticated using (${sameTenant}) with check (${sameTenant});
      grant select, insert (tenant_id, name, target_url), update (name, target_url) on app.feeds to authenticated;
      grant select, insert, update, delete on app.feeds to service_role`,
  },
)
