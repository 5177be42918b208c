import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fingerprint } from '../../generators/postgres/fingerprint.ts'
import { openServer } from '../../generators/postgres/server.ts'
import type { Major, ReplayedServer, Session } from '../../generators/postgres/server.ts'

const base = `
create schema core;
create table core.a (id int primary key, body text);
create table core.b (id int primary key, a_id int references core.a);
create function core.f() returns int language sql as 'select 1';
alter table core.a enable row level security;
create policy p on core.a using (true);
create trigger t before update on core.a for each row execute function suppress_redundant_updates_trigger();
create type core.kind as enum ('x');
create sequence core.s;
create view core.v as select id from core.a;
`

describe.each<Major>([15, 17, 18])('the fingerprint on %i', (major) => {
  let server: ReplayedServer
  let session: Session
  let before: string[]
  beforeAll(async () => {
    server = await openServer({ major, history: [{ path: '0001.sql', sql: base }] })
    session = await (await server.createDatabase()).connect()
    before = await fingerprint(session)
  })
  afterAll(() => server?.stop())

  async function changed(up: string, down?: string): Promise<string[]> {
    await session.query('begin')
    await session.query(up)
    if (down) await session.query(down)
    const after = await fingerprint(session)
    await session.query('rollback')
    return [...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`), ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`)]
  }

  test('is the same in a copy, and for another reader', async () => {
    const first = await server.createDatabase()
    const second = await server.createDatabase()
    await using left = await first.connect()
    await using right = await second.connect({ user: 'supabase_admin' })
    await left.query('set search_path = core')
    const lines = await fingerprint(left)
    expect(lines.length).toBeGreaterThan(100)
    expect(await fingerprint(right)).toEqual(lines)
    expect((await left.query("select current_setting('search_path') as path")).rows).toEqual([{ path: 'core' }])
  })

  test.each([
    ['a column', 'alter table core.a add extra int'],
    ['a default', "alter table core.a alter body set default 'x'"],
    ['not null', 'alter table core.a alter body set not null'],
    ['the order of columns', 'drop view core.v; alter table core.b drop a_id; alter table core.b add first text, add a_id int'],
    ['a check', 'alter table core.a add constraint c check (id > 0) not valid'],
    ['an index', 'create index i on core.a (body)'],
    ['row level security', 'alter table core.a disable row level security'],
    ['forced row level security', 'alter table core.a force row level security'],
    ['a policy', 'alter policy p on core.a using (id > 0)'],
    ['a trigger', 'alter table core.a disable trigger t'],
    ['a function', "create or replace function core.f() returns int language sql as 'select 2'"],
    ['a view', 'create or replace view core.v as select id + 0 as id from core.a'],
    ['the options of a view', 'alter view core.v set (security_invoker = true)'],
    ['an enum', "alter type core.kind add value 'y'"],
    ['a sequence', 'alter sequence core.s increment 2'],
    ['a grant on a table', 'grant select on core.a to anon'],
    ['a grant on a column', 'grant update (body) on core.a to anon'],
    ['a grant on a schema', 'grant usage on schema core to anon'],
    ['a revoke on a function', 'revoke execute on function core.f() from public'],
    ['default privileges', 'alter default privileges in schema core grant select on tables to anon'],
    ['a comment', "comment on column core.a.body is 'said'"],
    ['a publication', 'alter publication supabase_realtime add table core.a'],
    ['an extension', 'create extension citext with schema extensions'],
    ['replica identity', 'alter table core.a replica identity full'],
    ['a schema', 'create schema more'],
    ['a storage option', 'alter table core.a set (fillfactor = 70)'],
  ])('%s is seen', async (_what, up) => {
    expect(await changed(up)).not.toEqual([])
  })

  test('names what changed', async () => {
    expect(await changed('create index i on core.a (body)')).toEqual([
      '+ index core.a CREATE INDEX i ON core.a USING btree (body) valid=t ready=t clustered=f replica=f',
    ])
  })

  test('what was undone is not seen', async () => {
    const up = "alter table core.a add extra int; create index i on core.a (extra); grant select on core.a to anon; comment on table core.a is 'x'; create schema more"
    const down = 'drop schema more; comment on table core.a is null; revoke select on core.a from anon; drop index core.i; alter table core.a drop extra'
    expect(await changed(up, down)).toEqual([])
    expect(await changed('create extension citext with schema extensions', 'drop extension citext')).toEqual([])
  })

  test('rows are not seen', async () => {
    expect(await changed("insert into core.a values (1, 'x'); select nextval('core.s')")).toEqual([])
  })
})
