import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ReplayedServer, openServer } from '../../../generators/postgres/server.ts'
import { proveAccess } from '../../../generators/proofs/access-matrix.ts'
import { type Design, weakened } from './designs.ts'
import { feeds, lists, posts } from './other-designs.ts'

let server: ReplayedServer
beforeAll(async () => {
  server = await openServer({ major: 17, history: lists.history })
}, 120_000)
afterAll(() => server.stop())

test.each([['lists', lists], ['posts', posts], ['feeds', feeds]])('%s are proved', async (_name, design) => {
  const evidence = await proveAccess({ server, ...design })
  expect(evidence.findings).toEqual([])
  expect(evidence.status).toBe('proved')
})

const weakenings: [string, Design, string, RegExp][] = [
  ['the trigger is gone', lists, 'drop trigger mark on app.lists', /removed row of .* instead of marking it/],
  ['lists of others', lists, 'alter policy d on app.lists using (true)', /can delete in app.lists \(blind\)/],
  ['drafts for everybody', posts, 'alter policy s on app.posts using (true)', /nobody, without a token can select .*hidden/],
  ['authors lose sight of drafts', posts, "alter policy s on app.posts using (status = 'published')", /a user cannot select in .*: row of a user, hidden/],
  ['an anonymous sign-in is an author', posts, "alter policy s on app.posts using (status = 'published' or owner_id = (select auth.uid()))", /an anonymous sign-in can select .*: row of an anonymous sign-in, hidden/],
  ['authors change hands', posts, 'alter policy u on app.posts with check (true); grant update (owner_id) on app.posts to authenticated', /authenticated has the right to write app.posts.owner_id/],
  ['anon is asked for a token', posts, 'revoke select on app.posts from anon', /nobody, without a token cannot select/],
  ['tenant out of user_metadata', feeds, "create or replace function private.tenant_id() returns uuid language sql stable set search_path = '' as $$ select nullif(coalesce(auth.jwt() #>> '{app_metadata,tenant_id}', auth.jwt() #>> '{user_metadata,tenant_id}'), '')::uuid $$", /a user who forged user_metadata can select/],
  ['an empty claim raises', feeds, "create or replace function private.tenant_id() returns uuid language sql stable set search_path = '' as $$ select (auth.jwt() #>> '{app_metadata,tenant_id}')::uuid $$", /a user with an empty tenancy claim ended with 22P02/],
  ['a tenant that a plan keeps', feeds, 'alter function private.tenant_id() immutable', /a user of tenant B gets \d+ rows of app.feeds instead of \d+ from a statement that somebody else prepared/],
  ['rows can be given to another tenant', feeds, 'alter policy i on app.feeds with check (true)', /can insert in app.feeds \(plain\), .*: new row in tenant B/],
  ['the key of the service', feeds, 'grant update (signing_key) on app.feeds to authenticated', /authenticated has the right to write app.feeds.signing_key/],
  ['anonymous sign-ins', feeds, 'alter policy s on app.feeds using (tenant_id = (select private.tenant_id()))', /an anonymous sign-in of tenant A can select/],
]

test.each(weakenings)('%s: noticed', async (_name, design, sql, sentence) => {
  const evidence = await proveAccess({ server, ...weakened(design, sql) })
  expect(evidence.status).toBe('failed')
  expect(evidence.findings.join('\n')).toMatch(sentence)
})

test('both worlds of default privileges are probed', async () => {
  const otherWorld = () => openServer({ major: 17, history: lists.history, privileges: 'legacy' })
  const evidence = await proveAccess({ server, ...lists, otherWorld })
  expect(evidence).toMatchObject({ status: 'proved', worlds: ['explicit', 'legacy'], findings: [], shortIn: ['legacy'] })
  const alone = await proveAccess({ server, ...lists })
  expect(alone).not.toHaveProperty('shortIn')
  expect(evidence.probes).toBeGreaterThan(alone.probes)
})

test('where the other world has other rights, every request is sent there, too', async () => {
  const history = lists.history.map(({ path, sql }) => ({ path, sql: `${sql}; alter default privileges for role postgres in schema app revoke select on tables from service_role` }))
  const otherWorld = () => openServer({ major: 17, history: [...history, { path: 'm/0001_more.sql', sql: 'alter default privileges in schema app grant trigger on tables to service_role' }], privileges: 'legacy' })
  expect(await proveAccess({ server, ...lists, sql: withoutRevoke(), otherWorld })).not.toHaveProperty('shortIn')
})

function withoutRevoke(): Design['sql'] {
  return { ...lists.sql, migrations: lists.sql.migrations.map(({ path, sql }) => ({ path, sql: sql.replace(/revoke all on app.lists[^;]*/, '') })) }
}

test('default privileges of an older project are noticed', async () => {
  const inPublic = (text: string) => text.replaceAll('app.', 'public.')
  const plan = { ...lists.plan, tables: lists.plan.tables.map((one) => ({ ...one, table: { ...one.table, schema: 'public' } })) }
  // Nothing is taken from the client roles: right where they get nothing, wrong where they get everything.
  const migrations = lists.sql.migrations.map(({ path, sql }) => ({ path, sql: inPublic(sql).replace(/revoke all on public.lists[^;]*/, '') }))
  const design = { plan, sql: { ...lists.sql, migrations } }
  const otherWorld = () => openServer({ major: 17, history: lists.history, privileges: 'legacy' })
  expect((await proveAccess({ server, ...design })).findings).toEqual([])
  const evidence = await proveAccess({ server, ...design, otherWorld })
  expect(evidence.status).toBe('failed')
  expect(evidence.findings.join('\n')).toMatch(/anon has the right to TRUNCATE on public.lists/)
  expect(evidence.findings.join('\n')).toMatch(/authenticated holds TRIGGER on public.lists/)
})

test('a file that does not apply leaves the proof open', async () => {
  const broken = { path: 'm/0003_sample_rls.sql', sql: 'create policy s on app.nowhere for select using (true)' }
  const evidence = await proveAccess({ server, ...lists, sql: { ...lists.sql, migrations: [lists.sql.migrations[0]!, broken] } })
  expect(evidence).toMatchObject({ status: 'open', findings: [expect.stringMatching(/access was not observed after m\/0003_sample_rls.sql: .*app.nowhere/)] })
})

test('rows that a later file refuses leave the proof open', async () => {
  const [tables, rls] = lists.sql.migrations
  const refusing = { ...rls!, sql: `${rls!.sql};\n alter table app.lists add check (name = 'never')` }
  const evidence = await proveAccess({ server, ...lists, sql: { ...lists.sql, migrations: [tables!, refusing] } })
  expect(evidence.status).toBe('open')
  expect(evidence.findings[0]).toMatch(/^app.lists: its rows are refused now: .*violates check constraint/)
})

test('a fixture that cannot be found leaves the proof open', async () => {
  const [tables, rls] = lists.sql.migrations
  const impossible = { ...tables!, sql: `${tables!.sql};\n alter table app.lists add check (md5(name) = name)` }
  const evidence = await proveAccess({ server, ...lists, sql: { ...lists.sql, migrations: [impossible, rls!] } })
  expect(evidence.status).toBe('open')
  expect(evidence.findings.join('\n')).toMatch(/app.lists: no row of a user, because no value was found for name/)
})
