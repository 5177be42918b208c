/** The conditions of access beside each other, on the oldest server: floor, second factor, anonymous sign-ins, Realtime, soft delete, job roles. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyFiles } from '../../../generators/postgres/replay.ts'
import { type ReplayedServer, openServer } from '../../../generators/postgres/server.ts'
import { proveMutations } from '../../../generators/proofs/mutations.ts'
import { prove } from '../../../generators/proofs/prove.ts'
import { type Repository, readRepository } from '../../../generators/repository/read.ts'
import { type PlannedSpec, planText } from '../../support/sample-server.ts'
import { history } from '../proved-server.ts'

let repository: Repository
let server: ReplayedServer

beforeAll(async () => {
  repository = await readRepository('references/examples/trr')
  server = await openServer({ major: 15, history })
}, 180_000)
afterAll(() => server.stop())

const together = `
design: boards
story: Members keep cards on boards; a job archives them.
schema: core
tenancy: { model: organization, organizations: core.organizations, memberships: { table: core.org_memberships, role: role }, roles: [viewer, editor], floor: true }
tables:
  cards:
    about: A card of a board.
    columns: { title: text, slug: { type: text, default: none, immutable: true }, score: { type: integer, default: 0, server_only: true }, state: { type: text, one_of: [open, done], default: open } }
    soft_delete: rpc
    realtime: true
    access: { pattern: org_roles, anonymous: true, mfa: [insert, delete] }
jobs:
  board_archiver:
    about: Closes cards.
    tables:
      cards: { may: [select, update(title), delete], where: "state = 'open'" }
      core.organizations: [select(id)]
    grant_to: [authenticator]
`

const smaller = `
design: archive
story: The same job counts members.
jobs:
  board_archiver:
    about: Closes cards, and counts members.
    tables: { core.org_memberships: [select(org_id)] }
`

function planned(text: string, of = server): Promise<PlannedSpec> {
  return planText({ server: of, repository }, /design: (\w+)/.exec(text)?.[1] ?? '', text)
}

test('all of them together are proved, and every fault is noticed', async () => {
  const design = await planned(together)
  const { replay, rollback, access, pgtap } = await prove({ server, ...design, historyFiles: 1 })
  expect([replay, rollback, access, pgtap].flatMap(({ findings }) => findings)).toEqual([])
  expect(access.tables.filter(({ of }) => of === 'jobs').map(({ table }) => table)).toEqual(['cards', 'organizations'])
  const evidence = await proveMutations({ server, ...design })
  expect(evidence).toMatchObject({ open: null, survivors: [], refused: [] })
  expect(evidence.weakening.noticed).toBeGreaterThan(100)
}, 240_000)

test('columns that are not for clients refuse every way to write them', async () => {
  const { sql, prepared } = await planned(together)
  const [{ subject, script } = missing()] = prepared?.tables ?? []
  const database = await server.createDatabase()
  await applyFiles(database, sql.migrations)
  await using session = await database.connect()
  const editor = subject.world.identities.find(({ id }) => id === 'editor') ?? missing()
  const { id, org_id: org, owner_id: owner } = subject.rows.find((row) => row.id === 'of:editor')?.values ?? missing()
  await session.query(`begin; ${prepared?.world}; ${script}`)
  await session.query(`select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true)`, [editor.claims])
  const outcome = async (text: string) => {
    await session.query('savepoint attack')
    const code = await session.query(text).then(({ rowCount }) => `${rowCount} rows`, (error: { code: string }) => error.code)
    await session.query('rollback to savepoint attack; release savepoint attack')
    return code
  }
  const row = `values ('${org}', '${owner}', 'a')`
  // What is allowed goes through, so that the refusals below are those of the columns.
  expect(await outcome(`update core.cards set title = 'b' where id = '${id}'`)).toBe('1 rows')
  expect(await outcome(`insert into core.cards (org_id, owner_id, title) ${row} returning slug, score, id`)).toBe('1 rows')
  expect(await outcome(`merge into core.cards c using (select '${id}'::uuid as id) s on c.id = s.id when matched then update set title = 'b'`)).toBe('1 rows')
  for (const [column, value] of [['slug', "'x'"], ['score', '9'], ['org_id', `'${org}'`], ['owner_id', `'${owner}'`], ['id', `'${id}'`], ['created_at', 'now()'], ['deleted_at', 'now()']]) {
    const attacks = [
      `update core.cards set ${column} = ${value} where id = '${id}'`,
      `update core.cards set (title, ${column}) = row('b', ${value}) where id = '${id}'`,
      `update core.cards set ${column} = default`,
      `with changed as (update core.cards set ${column} = ${value} returning *) select * from changed`,
      `insert into core.cards (org_id, owner_id, title) ${row} on conflict (id) do update set ${column} = excluded.${column}`,
      `merge into core.cards c using (select '${id}'::uuid as id) s on c.id = s.id when matched then update set ${column} = ${value}`,
      ...(['slug', 'org_id', 'owner_id'].includes(column ?? '')
        ? []
        : [
            `insert into core.cards (org_id, owner_id, title, ${column}) values ('${org}', '${owner}', 'a', ${value})`,
            `insert into core.cards (org_id, owner_id, title, ${column}) values ('${org}', '${owner}', 'a', default) on conflict do nothing`,
            `merge into core.cards c using (select 1) s on false when not matched then insert (org_id, owner_id, title, ${column}) values ('${org}', '${owner}', 'a', ${value})`,
            `copy core.cards (org_id, owner_id, title, ${column}) from stdin`,
          ]),
    ]
    const through: string[] = []
    for (const attack of attacks) if ((await outcome(attack)) !== '42501') through.push(`${await outcome(attack)}: ${attack}`)
    expect(through).toEqual([])
  }
  // Without a right to whole rows there is no COPY under row level security either.
  expect(await outcome('copy core.cards (org_id, owner_id, title) from stdin')).toBe('0A000')
  expect(await outcome('truncate core.cards')).toBe('42501')
}, 120_000)

function missing(): never {
  throw new Error('not prepared')
}

test('a job without tables of its own design is proved as well', async () => {
  const { access, pgtap } = await prove({ server, ...(await planned(smaller.replaceAll('board_archiver', 'member_counter'))), historyFiles: 1 })
  expect([access.findings, pgtap.findings, access.status]).toEqual([[], [], 'proved'])
}, 120_000)

test('a role goes with the last design that uses it', async () => {
  await using fresh = await openServer({ major: 15, history })
  const database = await fresh.createDatabase()
  await using session = await database.connect()
  const there = async () => (await session.query("select from pg_roles where rolname = 'board_archiver'")).rowCount === 1
  const [first, second] = [await planned(together, fresh), await planned(smaller, fresh)]
  // Planning has applied the files already, in databases that are gone.
  await session.query('drop role board_archiver')
  await applyFiles(database, [...first.sql.migrations, ...second.sql.migrations])
  const { rows } = await session.query("select rolcanlogin, rolbypassrls, pg_has_role('authenticator', 'board_archiver', 'member') as member, has_table_privilege('board_archiver', 'core.cards', 'truncate') as truncates from pg_roles where rolname = 'board_archiver'")
  expect(rows).toEqual([{ rolcanlogin: false, rolbypassrls: false, member: true, truncates: false }])
  for (const file of first.sql.rollbacks.toReversed()) await applyFiles(database, [file])
  expect(await there()).toBe(true)
  expect((await session.query("select has_schema_privilege('board_archiver', 'core', 'usage') as usage")).rows).toEqual([{ usage: true }])
  for (const file of second.sql.rollbacks.toReversed()) await applyFiles(database, [file])
  expect(await there()).toBe(false)
}, 120_000)

test('a role that is more than a job is not taken up', async () => {
  const database = await server.createDatabase()
  const { sql } = await planned(smaller.replaceAll('board_archiver', 'too_strong'))
  await using session = await database.connect({ user: 'supabase_admin' })
  await session.query('alter role too_strong bypassrls')
  await expect(applyFiles(database, sql.migrations)).rejects.toThrow(/more than a job/)
  await session.query('alter role too_strong nobypassrls')
})
