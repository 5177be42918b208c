/** Views of a design on a server. That every fault of a view is noticed is shown with the example designs. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { GeneratedSql } from '../../../generators/design/sql-file.ts'
import { installPgtap } from '../../../generators/postgres/pgtap.ts'
import { applyFiles } from '../../../generators/postgres/replay.ts'
import type { ReplayedServer } from '../../../generators/postgres/server.ts'
import { proveAccess } from '../../../generators/proofs/access-matrix.ts'
import { createFixtures } from '../../../generators/proofs/fixtures/fixtures.ts'
import { runTest } from '../../../generators/proofs/pgtap.ts'
import { proveRollback } from '../../../generators/proofs/rollback.ts'
import { provePlans } from '../../../generators/proofs/plans.ts'
import { type PlannedSpec, sampleServer } from '../../support/sample-server.ts'

const text = `design: jottings
story: Members of an organisation jot things down about shows.
schema: core
tenancy:
  model: organization
  organizations: core.organizations
  memberships: { table: core.org_memberships, user: user_id, organization: org_id, role: role }
  roles: [viewer, editor, admin, owner]
tables:
  jottings:
    about: Something jotted down.
    columns:
      title: text
      state: { type: text, one_of: [draft, done], default: draft }
      show_id: { type: uuid, references: core.shows, on_delete: cascade, because: it is about it }
    access: { pattern: org_roles, select: { own: viewer, any: editor } }
views:
  done_jottings:
    about: Those that are done.
    table: jottings
    columns: [id, org_id, title, created_at]
    where: state = 'done'
  jottings_by_show:
    about: How many there are of each show.
    sql: |
      select j.org_id, s.id as show_id, s.title, count(*) as jottings, max(j.created_at) as latest_at
      from core.jottings j
      join core.shows s on s.id = j.show_id
      group by j.org_id, s.id
queries:
  done:
    table: done_jottings
    where: [org_id =]
    order_by: created_at desc, id desc
    page: keyset 20
`

const sample = sampleServer()
let server: ReplayedServer
let jottings: PlannedSpec
let sql: GeneratedSql

beforeAll(async () => {
  jottings = await sample().plannedText('jottings', text)
  ;({ sql } = jottings)
  ;({ server } = sample())
}, 120_000)

const changed = (from: string | RegExp, to: string): GeneratedSql => {
  const migrations = sql.migrations.map((file) => (file.path.endsWith('_views.sql') ? { ...file, sql: file.sql.replace(from, to) } : file))
  expect(migrations).not.toEqual(sql.migrations)
  return { ...sql, migrations }
}
const prepared = () => jottings.prepared

test('what each caller gets is what the text gives over the rows that the spec lets them see', () => {
  const rowsOf = (view: string, title: string) => {
    const found = prepared().views.find((one) => one.view.name === view)
    return [...(found?.answers.of ?? [])].find(([identity]) => identity.title === title)?.[1]?.length ?? null
  }
  // A viewer of A sees their own row of A; an editor those of everybody in A. The forged token belongs nowhere, and nobody has no right at all.
  expect(rowsOf('done_jottings', 'a viewer of A')).toBe(1)
  expect(rowsOf('done_jottings', 'an editor of A')).toBeGreaterThan(3)
  expect(rowsOf('done_jottings', 'a user who forged user_metadata')).toBe(0)
  expect(rowsOf('done_jottings', 'nobody, without a token')).toBeNull()
  expect(rowsOf('jottings_by_show', 'an editor of A')).toBeGreaterThan(0)
})

describe('a file that somebody edited', () => {
  test.each<[string, string | RegExp, string, RegExp]>([
    ['the option lost on one view', / with \(security_invoker = true\)/, '', /core.done_jottings runs with the rights of its owner.*|a user without organisation can select in core.done_jottings/],
    ['another condition', "state = 'done'", 'true', /can select in core.done_jottings \(all rows\).*any other row/],
    ['a right to write', 'grant select on table core.done_jottings', 'grant select, update on table core.done_jottings', /authenticated holds UPDATE on core.done_jottings/],
  ])('%s is found', async (_title, from, to, sentence) => {
    const evidence = await proveAccess({ server, plan: jottings.plan, sql: changed(from, to), prepared: prepared() })
    expect(evidence.status).toBe('failed')
    expect(evidence.findings.join('\n')).toMatch(sentence)
  })
})

test('the test file passes, also where rows were there before, and fails when a view loses its option', async () => {
  const database = await server.createDatabase()
  await applyFiles(database, sql.migrations)
  await using session = await database.connect()
  await installPgtap(session)
  await session.query('begin')
  const fixtures = await createFixtures(session, { seed: 'elsewhere' })
  expect(await fixtures.row({ schema: 'core', name: 'jottings' }, { given: { state: 'done' } })).not.toHaveProperty('open')
  // The values that are chosen for unique keys are those of the test file.
  await session.query("update core.organizations set slug = 'elsewhere'; update core.shows set slug = 'elsewhere'; commit")
  expect(await runTest(session, sql.test)).toMatchObject({ status: 'proved', findings: [] })
  await session.query('create or replace view core.done_jottings as select id, org_id, title, created_at from core.jottings where (state = \'done\')')
  const { findings } = await runTest(session, sql.test)
  expect(findings.join('\n')).toMatch(/core.done_jottings reads with the rights of its caller/)
  expect(findings.join('\n')).toMatch(/a user without organisation: sees 0 of \d+ rows of core.done_jottings/)
})

test('the condition of the linter for views that run as their owner (0010) finds nothing, and finds the option lost', async () => {
  const lint = `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'v' and (has_table_privilege('anon', c.oid, 'SELECT') or has_table_privilege('authenticated', c.oid, 'SELECT')) and n.nspname = 'core'
      and not (lower(coalesce(c.reloptions::text, '{}'))::text[] && array['security_invoker=1', 'security_invoker=true', 'security_invoker=yes', 'security_invoker=on'])`
  const found = async (files: GeneratedSql) => {
    const database = await server.createDatabase()
    await applyFiles(database, files.migrations)
    await using session = await database.connect()
    return (await session.query<{ name: string }>(lint)).rows.map(({ name }) => name).filter((name) => name.includes('jottings'))
  }
  expect(await found(sql)).toEqual([])
  expect(await found(changed(/ with \(security_invoker = true\)/, ''))).toEqual(['core.done_jottings'])
})

test('the rollback takes them away, and a query through a view is planned as its caller', async () => {
  expect(await proveRollback({ server, sql })).toMatchObject({ status: 'proved' })
  const plans = await provePlans({ server, plan: jottings.plan, sql })
  expect(plans.findings).toEqual([])
  const [done] = plans.queries
  expect(done).toMatchObject({ name: 'done', as: 'authenticated', subPlans: 0, rows: { 'core.jottings': expect.any(Number) } })
  // The policy of the table is part of the plan.
  expect(done?.plan.join('\n')).toMatch(/Index Cond: \(\(org_id = ANY \(\(InitPlan/)
})
