/** Rules that follow another row: a parent of the design, one that exists, a table of shares, a tenant that stands on the parent. */
import { beforeAll, expect, test } from 'vitest'
import { applyFiles } from '../../../generators/postgres/replay.ts'
import type { ReplayedServer } from '../../../generators/postgres/server.ts'
import { proveAccess } from '../../../generators/proofs/access-matrix.ts'
import { type PlannedSpec, sampleServer } from '../../support/sample-server.ts'

const sample = sampleServer()
let server: ReplayedServer
let boards: PlannedSpec

beforeAll(async () => {
  ;({ server } = sample())
  boards = await sample().plannedText('d', boardsText)
}, 120_000)

const boardsText = `
design: d
story: Editors plan on boards.
schema: core
tenancy:
  model: organization
  organizations: core.organizations
  memberships: { table: core.org_memberships, user: user_id, organization: org_id, role: role }
  roles: [viewer, editor, admin, owner]
tables:
  boards:
    about: A plan that an organisation works on, and that its author may share.
    columns: { title: text, status: { type: text, one_of: [draft, open], default: draft } }
    soft_delete: true
    access:
      pattern: shared_with
      select: { own: owner, any: shared }
      where: { any: "status = 'open'" }
  lanes:
    about: A column of a board.
    columns:
      board_id: { type: uuid, references: boards, on_delete: cascade, because: a lane is part of a board }
      title: text
    access: { pattern: parent, via: board_id, insert: { parent: update }, delete: { parent: owner } }
  cards:
    about: What is to be done.
    columns:
      board_id: { type: uuid, references: boards, on_delete: cascade, because: a card is part of a board }
      slug: text
    unique: [[slug]]
    tenancy: { via: board_id, store: false }
    access: { pattern: org_member, delete: editor }
`

test('a parent, shares and a tenant behind a parent, in organisations', async () => {
  const evidence = await proveAccess({ server, ...boards })
  expect(evidence).toMatchObject({ status: 'proved', findings: [] })
  const rows = (name: string) => evidence.tables.find(({ table }) => table === name)?.rows.map(({ title }) => title).join('\n')
  for (const kind of ['deleted', 'shared with everybody as editor', 'shared with one other', 'hidden by its condition']) expect(rows('lanes')).toContain(kind)
  expect(rows('boards')).toContain('no longer shared')
  // A tenant has deleted boards and others: neither stands for both.
  for (const kind of [/^row of A$/m, /^row of B$/m, /^row below row .*, deleted$/m]) expect(rows('cards')).toMatch(kind)
  expect(rows('board_shares')).toContain('share of an editor of A in: row of a viewer of A')
})

// One at a time they are tried by `mutations.test.ts` on the example design; together here, in organisations.
test('a helper that forgets deleted parents, rows that move anywhere, levels that are raised, shares across tenants: noticed', async () => {
  const weaker = [
    `create or replace function private.boards_update_keys() returns setof uuid language sql stable security definer set search_path = '' as $$
       select id from core.boards where (owner_id = (select auth.uid()) or id = any (array(select private.boards_shared_keys('editor')))) and org_id = any (array(select private.org_ids('viewer'))) $$`,
    'alter policy lanes_update on core.lanes with check (true)',
    'alter policy board_shares_update on core.board_shares using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()))',
    "alter policy boards_select on core.boards using (deleted_at is null and (owner_id = (select auth.uid()) or (id = any (array(select private.boards_shared_keys('viewer'))) and status = 'open')))",
  ]
  const migrations = boards.sql.migrations.map((file, index, all) => (index === all.length - 1 ? { ...file, sql: [file.sql, ...weaker].join(';\n') } : file))
  const { status, tables } = await proveAccess({ server, ...boards, sql: { ...boards.sql, migrations } })
  expect(status).toBe('failed')
  const wrong = tables.flatMap(({ table, cells, rows }) => cells.filter(({ witness }) => witness !== null).map(({ identity, verb, row, shapes }) => `${table}: ${identity} ${verb} ${rows.find(({ id }) => id === row)?.title} (${shapes.join(', ')})`)).join('\n')
  expect(wrong).toMatch(/lanes: editor update row below .*, deleted/)
  expect(wrong).toMatch(/lanes: .* update .*\((.*to another board_id|.*set board_id, with the right to)/)
  expect(wrong).toMatch(/board_shares: .* update share of/)
  expect(wrong).toMatch(/boards: other select row of a viewer of A, shared with everybody/)
})

test('every policy is InitPlans and an index condition', async () => {
  const database = await server.createDatabase()
  await applyFiles(database, boards.sql.migrations)
  await using session = await database.connect()
  const claims = JSON.stringify({ sub: '00000000-0000-4000-8000-000000000001', role: 'authenticated' })
  await session.query(`begin; select set_config('request.jwt.claims', '${claims}', true); set local enable_seqscan = off; set local role authenticated`)
  for (const { table, policies } of boards.plan.tables.filter(({ policies: list }) => list.some(({ command }) => command === 'select'))) {
    const { rows } = await session.query<{ 'QUERY PLAN': string }>(`explain select * from core.${table.name}`)
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(policies.length).toBeGreaterThan(0)
    expect(plan).toMatch(/InitPlan/)
    expect(plan).toMatch(/Index Cond/)
    expect(plan).not.toMatch(/SubPlan|Seq Scan/)
  }
  await session.query('rollback')
})

test('who sees a parent that exists is asked of the database; one that cannot be asked is said', async () => {
  const notes = await sample().plannedText('d', `
design: d
story: Notes on conversations.
schema: social
tables:
  notes:
    about: A note on a conversation.
    columns:
      conversation_id: { type: uuid, references: social.conversations, on_delete: cascade, because: a note is part of it }
    access: { pattern: parent, via: conversation_id, insert: service, update: service, delete: service }
`)
  expect(notes.prepared.open.join('\n')).toMatch(/social.notes: who sees rows of social.conversations cannot be asked, because a SELECT by .* ends with 42P17/)
})
