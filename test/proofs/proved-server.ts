/** One server with a small history of its own for the tests of a file. */
import { afterAll, beforeAll } from 'vitest'
import type { GeneratedSql, Major, SqlFile } from '../../generators/design/sql-file.ts'
import { type ReplayedServer, openServer } from '../../generators/postgres/server.ts'

export const history: SqlFile[] = [
  {
    path: 'supabase/migrations/0001_core.sql',
    sql: `
      create schema core;
      create schema private;
      grant usage on schema core, private to anon, authenticated, service_role;
      create table core.organizations (id uuid primary key default gen_random_uuid(), name text not null);
      create table core.org_memberships (
        org_id uuid not null references core.organizations, user_id uuid not null references auth.users,
        role text not null check (role in ('viewer', 'editor')), primary key (org_id, user_id));
      alter table core.organizations enable row level security;
      alter table core.org_memberships enable row level security;
      create function private.org_ids() returns setof uuid language sql stable security definer set search_path = ''
        as $$ select org_id from core.org_memberships where user_id = (select auth.uid()) $$;
      grant execute on function private.org_ids() to authenticated;`,
  },
]

/** A server for the whole file; ask for it inside of tests. */
export function provedServer(major: Major = 17): () => ReplayedServer {
  let server: ReplayedServer | undefined
  beforeAll(async () => {
    server = await openServer({ major, history })
  }, 180_000)
  afterAll(() => server?.stop())
  return () => server as ReplayedServer
}

export function file(name: string, sql: string): SqlFile {
  return { path: `supabase/${name}.sql`, sql }
}

const directive = '-- pg-delta: transaction=false\n'

/** Tables, policies and indexes of a small design, as they are generated. */
export function sampleSql(): GeneratedSql {
  return {
    migrations: [
      file('migrations/0002_notes', `set lock_timeout = '2s';
create table core.notes (
  id uuid not null default gen_random_uuid(), org_id uuid not null references core.organizations on delete cascade,
  title text not null check (char_length(title) between 1 and 200), status text not null default 'draft' check (status in ('draft', 'published')),
  created_at timestamptz not null default now(), constraint notes_pkey primary key (id));
comment on table core.notes is 'Notes.';
alter table core.notes enable row level security;
revoke all on table core.notes from public, anon, authenticated, service_role;`),
      file('migrations/0003_notes_rls', `set lock_timeout = '2s';
create policy notes_select on core.notes for select to authenticated using (org_id = any (array(select private.org_ids())));
grant select, insert (org_id, title), update (title) on core.notes to authenticated;
grant select on core.notes to service_role;`),
      file('migrations/0004_notes_indexes', `set lock_timeout = '2s';
create index notes_latest on core.notes (org_id, created_at desc, id desc);`),
      file('migrations/0005_members', `${directive}create index concurrently org_memberships_user on core.org_memberships (user_id);`),
      file('migrations/0006_members_valid', `do $$ begin
  if not (select indisvalid from pg_index where indexrelid = 'core.org_memberships_user'::regclass) then raise exception 'invalid'; end if;
end $$;`),
    ],
    rollbacks: [
      file('rollbacks/0002_notes', 'drop table core.notes;'),
      file('rollbacks/0003_notes_rls', `drop policy notes_select on core.notes;
revoke all on core.notes from authenticated, service_role;`),
      file('rollbacks/0004_notes_indexes', 'drop index core.notes_latest;'),
      file('rollbacks/0005_members', `${directive}drop index concurrently core.org_memberships_user;`),
      file('rollbacks/0006_members_valid', 'select 1;'),
    ],
    test: file('tests/notes.test', `begin;
select plan(2);
select has_table('core', 'notes', 'the table is there');
select policies_are('core', 'notes', array['notes_select']::name[], 'the policies');
select * from finish();
rollback;`),
  }
}

/** The sample with the text of one file changed. Fails when there is nothing to change. */
export function withChange(sql: GeneratedSql, path: string, before: string | RegExp, after: string): GeneratedSql {
  let changed = 0
  const edit = (one: SqlFile): SqlFile => {
    if (!one.path.includes(path)) return one
    const text = one.sql.replace(before, () => after)
    if (text !== one.sql) changed += 1
    return { ...one, sql: text }
  }
  const result = { migrations: sql.migrations.map(edit), rollbacks: sql.rollbacks.map(edit), test: edit(sql.test) }
  if (changed !== 1) throw new Error(`${changed} files changed`)
  return result
}
