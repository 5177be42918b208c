/** A bucket of Supabase Storage on a server: every fault noticed, the file runs with the rights of hosted, the way back. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { GeneratedSql, SqlFile } from '../../../generators/design/sql-file.ts'
import { installPgtap } from '../../../generators/postgres/pgtap.ts'
import { applyFiles } from '../../../generators/postgres/replay.ts'
import type { ReplayedServer } from '../../../generators/postgres/server.ts'
import { disagrees, seedTable, send } from '../../../generators/proofs/access/prove-tables.ts'
import { installRunner } from '../../../generators/proofs/access/runner.ts'
import { surroundingsOf } from '../../../generators/proofs/access/surroundings.ts'
import { readBucketMutants } from '../../../generators/proofs/mutation/bucket-mutants.ts'
import { hunt, stage } from '../../../generators/proofs/mutation/hunt.ts'
import { runTest } from '../../../generators/proofs/pgtap.ts'
import { splitStatements } from '../../../generators/sql/parser.ts'
import { type PlannedSpec, sampleServer } from '../../support/sample-server.ts'

const text = `design: scans
story: Members of an organisation keep scans.
schema: core
tenancy:
  model: organization
  organizations: core.organizations
  memberships: { table: core.org_memberships, user: user_id, organization: org_id, role: role }
  roles: [viewer, editor, admin, owner]
tables:
  papers:
    about: A paper.
    columns: { title: text }
    access: org_roles
files:
  scan:
    store: supabase
    table: papers
    bucket: paper-scans
    access: { select: member, insert: editor, update: { own: editor, any: admin }, delete: admin }
    max_bytes: 5MB
    content_types: [image/png]
`

const sample = sampleServer()
let server: ReplayedServer
let scans: PlannedSpec
let sql: GeneratedSql

beforeAll(async () => {
  scans = await sample().plannedText('scans', text)
  ;({ sql } = scans)
  ;({ server } = sample())
}, 120_000)

const fileOf = (files: readonly SqlFile[]) => files.find(({ path }) => path.endsWith('_storage.sql')) as SqlFile
const before = () => sql.migrations.slice(0, sql.migrations.indexOf(fileOf(sql.migrations)))

test('the answers are those of the spec, and every fault of the policies is noticed', async () => {
  const database = await server.createDatabase()
  await using session = await database.connect()
  const surroundings = await surroundingsOf(session, scans.plan)
  await applyFiles(database, sql.migrations)
  await installRunner(session)
  const { world, buckets } = scans.prepared
  const [bucket] = buckets
  if (!bucket) throw new Error('no bucket')
  await session.query(`begin; ${world}`)
  const seeded = await seedTable(session, bucket, stage)
  if ('refusal' in seeded) throw new Error(seeded.refusal)
  const answers = await send(session, bucket.subject, seeded.probes, stage)
  expect(answers.filter(({ judgements }) => judgements.some(disagrees)).map(({ probe }) => probe.sql)).toEqual([])
  // Both answers were given for each verb: a proof that only refuses proves nothing.
  for (const verb of ['select', 'insert', 'update', 'delete'])
    for (const observed of [true, false]) expect(answers.some(({ probe, judgements }) => probe.verb === verb && judgements.some((one) => one.observed === observed)), `${verb} ${observed}`).toBe(true)
  const survivors: string[] = []
  const mutants = await readBucketMutants(session, scans.plan)
  for (const mutant of mutants) if (mutant.equivalent === null && (await hunt(session, seeded, mutant, surroundings)) === null) survivors.push(mutant.says)
  expect(survivors).toEqual([])
  expect(mutants.length).toBeGreaterThan(60)
}, 120_000)

test('the test file passes, and fails for faults of each kind', async () => {
  const database = await server.createDatabase()
  await applyFiles(database, sql.migrations)
  await using session = await database.connect()
  await installPgtap(session)
  expect(await runTest(session, sql.test)).toMatchObject({ status: 'proved', findings: [] })
  const inside = { ...sql.test, sql: sql.test.sql.replace(/^begin;$/m, 'savepoint test;').replace(/^rollback;\s*$/m, 'rollback to savepoint test;') }
  const faults = [
    "update storage.buckets set public = true where id = 'paper-scans'",
    "alter policy scans_scan_delete on storage.objects using (bucket_id = 'paper-scans')",
    'drop policy scans_scan_update on storage.objects',
  ]
  const missed: string[] = []
  for (const fault of faults) {
    await session.query(`begin; ${fault}`)
    if ((await runTest(session, inside, { brief: true })).status === 'proved') missed.push(fault)
    if (session.transaction !== 'none') await session.query('rollback')
  }
  expect(missed).toEqual([])
})

test('hosted lets postgres create and drop policies there and nothing else that an owner may: the files need no more', async () => {
  const database = await server.createDatabase()
  await applyFiles(database, before())
  await using admin = await database.connect({ user: 'supabase_admin' })
  await admin.query('begin; revoke supabase_storage_admin from postgres')
  const rollback = fileOf(sql.rollbacks)
  const run = async ({ sql: script }: SqlFile) => {
    for (const { sql: statement, kind, tree } of splitStatements(script)) {
      const isPolicy = kind === 'CreatePolicyStmt' || (kind === 'DropStmt' && (tree['DropStmt'] as { removeType: string }).removeType === 'OBJECT_POLICY')
      // supautils runs such a statement as its superuser, when the table is one of supautils.policy_grants.
      await admin.query(`set local role ${isPolicy ? 'supabase_admin' : 'postgres'}`)
      await admin.query(statement)
    }
  }
  await run(fileOf(sql.migrations))
  expect((await admin.query<{ count: number }>("select count(*)::int as count from pg_policies where tablename = 'objects' and policyname like 'scans_scan_%'")).rows).toEqual([{ count: 4 }])
  await run(rollback)
  expect((await admin.query<{ count: number }>("select count(*)::int as count from pg_policies where tablename = 'objects'")).rows).toEqual([{ count: 0 }])
  // What the policies are kept from saying: this one would be refused.
  await admin.query('set local role postgres')
  await expect(admin.query('alter table storage.objects enable row level security')).rejects.toMatchObject({ code: '42501' })
})

describe('the bucket', () => {
  const rows = async (session: { query: (text: string) => Promise<{ rows: unknown[] }> }) => (await session.query("select id, public, file_size_limit::int as size, allowed_mime_types as types from storage.buckets where id = 'paper-scans'")).rows

  test('is there with its limits; goes when it is empty, and stays with a notice when it is not; other policies stay', async () => {
    const database = await server.createDatabase()
    await using session = await database.connect()
    await session.query("create policy others on storage.objects for select to authenticated using (bucket_id = 'others')")
    await applyFiles(database, sql.migrations)
    expect(await rows(session)).toEqual([{ id: 'paper-scans', public: false, size: 5_000_000, types: ['image/png'] }])
    await session.query("begin; insert into storage.objects (bucket_id, name) values ('paper-scans', 'kept.png')")
    session.takeNotices()
    await session.query(fileOf(sql.rollbacks).sql)
    expect(session.takeNotices().map(({ message }) => message).join()).toContain('Bucket paper-scans holds objects and stays')
    expect(await rows(session)).toHaveLength(1)
    await session.query('rollback')
    await session.query(fileOf(sql.rollbacks).sql)
    expect(await rows(session)).toEqual([])
    expect((await session.query("select policyname from pg_policies where tablename = 'objects'")).rows).toEqual([{ policyname: 'others' }])
  })

  test('with other settings stops the file, and keeps them', async () => {
    const database = await server.createDatabase()
    await using session = await database.connect()
    await applyFiles(database, before())
    await session.query("insert into storage.buckets (id, name, public) values ('paper-scans', 'paper-scans', true)")
    await expect(applyFiles(database, [fileOf(sql.migrations)])).rejects.toThrow('Bucket paper-scans is there already, with other settings')
    expect(await rows(session)).toMatchObject([{ public: true }])
  })
})

test('a listing reads the index by its bucket, and the callers’ organisations once', async () => {
  const database = await server.createDatabase()
  await applyFiles(database, sql.migrations)
  await using session = await database.connect()
  await session.query(`begin; set local enable_seqscan = off; set local enable_bitmapscan = off; select set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-8000-000000000001"}', true); set local role authenticated`)
  const { rows } = await session.query<{ 'QUERY PLAN': string }>("explain (costs off) select name from storage.objects where bucket_id = 'paper-scans'")
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toMatch(/Index (Only )?Scan using bucketid_objname/)
  expect(plan).toContain("Index Cond: (bucket_id = 'paper-scans'::text)")
  expect(plan).toContain('InitPlan')
  expect(plan).not.toContain('SubPlan')
})
