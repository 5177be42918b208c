/** Advice beyond indexes: given where another way is cheaper, with SQL that runs; not given where it is not. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Advice } from '../../generators/design/advice.ts'
import type { IndexPlan, TablePlan } from '../../generators/design/plan.ts'
import type { SqlFile } from '../../generators/design/sql-file.ts'
import { provePlans } from '../../generators/proofs/plans.ts'
import { partitionWish } from '../../generators/planner/advice/partitioning.ts'
import { byHandSql } from '../../generators/planner/indexes.ts'
import { proposalsOf } from '../../generators/planner/advice/advices.ts'
import { applyFiles } from '../../generators/postgres/replay.ts'
import { settleAdvice } from '../../generators/postgres/scale/settle-advice.ts'
import { settlePartitions } from '../../generators/postgres/scale/settle-partitions.ts'
import { sampleServer } from '../support/sample-server.ts'

const sample = sampleServer()

const spec = (tickets: string, queries: string, { boxes = 'rows: 20k, distinct: { org_id: 100 }', retitled = '2/s' } = {}) => `design: tickets
story: Members of an organisation sell tickets.
schema: core
tenancy:
  model: organization
  column: org_id
  organizations: core.organizations
  memberships: { table: core.org_memberships, user: user_id, organization: org_id, role: role, where: "status = 'active'" }
  roles: [viewer, editor, admin, owner]
tables:
  boxes:
    about: A box office.
    columns: { title: text }
    access: org_roles
    scale: { ${boxes} }
  tickets:
    about: One ticket.
    columns:
      title: text
      price: numeric(10,2)
      kind: core.credit_kind
      labels: "text[]"
      box_id: { type: uuid, references: core.boxes, on_delete: restrict }
    access: org_roles
    scale: { ${tickets} }
    writes: { update: [{ columns: [title], rate: ${retitled} }, { columns: [box_id], rate: 1/s }] }
queries:
${queries}`

const large = 'rows: 20M, growth: 500k/month, row_bytes: 200, distinct: { org_id: 900, box_id: 20k, labels: 3k, price: 5k, kind: 5 }, elements: { labels: 3 }'
const page = 'order_by: "created_at desc, id desc", page: keyset 20'
const asked = `  dear: { table: tickets, where: [org_id =, "price >"], rate: 1/s, as: authenticated }
  of_kind: { table: tickets, where: [org_id =, kind =], ${page}, rate: 1/s, as: authenticated }
  old_pages: { table: tickets, where: [org_id =], order_by: "created_at desc, id desc", page: offset 20 deepest 100k, rate: 1/s, as: authenticated }
  newest: { table: tickets, ${page}, rate: 1/s, as: authenticated }
  labelled: { table: tickets, where: [labels @>], ${page}, rate: 1/s, as: authenticated }
  about: { table: tickets, where: [title @@], rate: 1/min, as: service_role }
  everything: { table: tickets, select: [id, title], rate: 1/h, as: service_role }
  offices: { table: boxes, where: [org_id =], ${page}, rate: 1/s, as: authenticated }
  of_office: { table: tickets, where: [org_id =, box_id =], rate: 20/s, as: authenticated }
`

test('each where it is cheaper, with SQL that runs as who is meant to run it', async () => {
  const { server } = sample()
  const { plan, sql } = await sample().plannedText('tickets', spec(large, asked))
  const advice = await settleAdvice({ server, plan, migrations: sql.migrations })
  const given = advice.map(({ query, id }) => `${query}: ${id}`)
  // A list of tenants in one order, a whole table, deep pages, a request for each row, types whose comparison waits behind the policy.
  expect(given).toEqual(expect.arrayContaining(['dear: plain-type', 'of_kind: plain-type', 'old_pages: keyset', 'labelled: tenant-filter', 'everything: bounded-page', 'about: stored-search', 'of_office: one-request', 'of_office: extended-statistics']))
  // By its tenant, in order, with a position; and a page of newest rows that ten short reads give: nothing to advise.
  expect(given.filter((one) => /^(offices|newest)/.test(one))).toEqual([])
  for (const { id, before, after } of advice.filter(({ id }) => !['fillfactor', 'extended-statistics'].includes(id))) expect(before.cost / after.cost, id).toBeGreaterThanOrEqual(id === 'one-request' ? 0.9 : 1.5)
  const deepest = advice.find(({ id }) => id === 'keyset')
  // A hundred thousand rows read and dropped, a hundredth of a unit each at least; twenty rows by position.
  expect(deepest?.before.cost).toBeGreaterThan(1000)
  expect(deepest?.after.cost).toBeLessThan(200)
  // A box is of one organisation: 38M / 20k rows each, not 38M / (20k × 900), which is two.
  const known = advice.filter(({ id }) => id === 'extended-statistics')
  expect(known.map(({ query, ddl }) => [query, ...ddl])).toEqual([['of_office', 'create statistics core.tickets_org_id_box_id_stats (ndistinct, dependencies) on org_id, box_id from core.tickets']])
  expect(known[0]?.says).toMatch(/^A value of box_id belongs to one org_id: the foreign key \w+ keeps them together\./)
  expect((known[0]?.after.cost ?? 0) / (known[0]?.before.cost ?? 1)).toBeGreaterThan(10)
  // 2/s for three years on 38M rows are five for each; those of box_id, which has an index, do not count.
  const [room] = advice.filter(({ id }) => id === 'fillfactor')
  expect(advice.filter(({ id }) => id === 'fillfactor')).toHaveLength(1)
  expect(room).toMatchObject({ query: 'core.tickets', ddl: ['alter table core.tickets set (fillfactor = 90)'], says: expect.stringMatching(/^Updates of title come to 5 for each row .* a model's figure\. Reads do not become cheaper/) })
  const [heap = 0, roomy = 0] = [/instead of (\d+) MB/, /has (\d+) MB/].map((size) => Number(size.exec(room?.says ?? '')?.[1]))
  expect(roomy / heap).toBeGreaterThan(1.05)
  expect(roomy / heap).toBeLessThan(1.2)
  expect((room?.after.cost ?? 0) / (room?.before.cost ?? 1)).toBeGreaterThan(1.02)
  expect((room?.after.cost ?? 0) / (room?.before.cost ?? 1)).toBeLessThan(roomy / heap)
  await everyOneRuns(advice, sql.migrations)
}, 120_000)

test('queries that are given as SQL are advised as well, in their own words', async () => {
  const { server } = sample()
  const raw = `  dear_raw: { sql: "select t.id from core.tickets t where t.org_id = $1 and t.price > $2 and t.labels @> $3", rate: 1/s, as: authenticated }
  deep: { sql: "select t.title, b.title as box from core.tickets t join core.boxes b on b.id = t.box_id where t.org_id = $1 or t.title = 'x' order by t.created_at desc limit 20 offset 50000", rate: 1/s, as: service_role }
  all_of_them: { sql: "select t.id, b.title from core.tickets t join core.boxes b on b.id = t.box_id order by t.id", rate: 1/h, as: service_role }
  totals: { sql: "select count(*) from core.tickets", rate: 1/h, as: service_role }
  newest_raw: { sql: "select t.title from core.tickets t where t.title > $1 limit 20", rate: 1/s, as: authenticated }
  offices: { table: boxes, where: [org_id =], ${page}, rate: 1/s, as: authenticated }
  of_office_raw: { sql: "select t.id from core.tickets t where t.box_id = $1 and t.org_id = $2", rate: 20/s, as: authenticated }
`
  const { plan, sql } = await sample().plannedText('tickets', spec(large, raw, { retitled: '1/day' }))
  expect(plan.queries.find(({ query }) => query.name === 'dear_raw')?.warnings).toEqual(['`price >` of numeric(10,2) is not leakproof: for authenticated it filters rows after the policy and cannot use an index.', '`labels @>` is not leakproof: for authenticated it filters rows after the policy and cannot use an index.'])
  const advice = await settleAdvice({ server, plan, migrations: sql.migrations })
  const given = advice.map(({ query, id }) => `${query}: ${id}`)
  expect(given).toEqual(expect.arrayContaining(['deep: keyset', 'all_of_them: bounded-page', 'of_office_raw: one-request']))
  expect(given.filter((one) => /^(totals|offices|dear_raw)/.test(one))).toEqual([])
  const written = (name: string, id: string) => advice.find((one) => one.query === name && one.id === id)?.sql
  // The order ends in the key, an OR keeps its brackets, and the position counts on from the parameters that are there.
  expect(written('deep', 'keyset')).toBe("select t.title, b.title as box from core.tickets t join core.boxes b on b.id = t.box_id where (t.org_id = $1 or t.title = 'x')\n  and (t.created_at, t.id) < ($2, $3)\norder by t.created_at desc, t.id desc\nlimit 20")
  expect(written('of_office_raw', 'one-request')).toBe('select t.id from core.tickets t where t.box_id = any ($1) and t.org_id = $2')
  const proposed = proposalsOf(plan, server.catalog).find(({ query, id }) => query.name === 'newest_raw' && id === 'tenant-filter')
  expect(proposed?.after.sql).toBe('select t.title from core.tickets t where (t.title > $1)\n  and t.org_id = $2\nlimit 20')
  await everyOneRuns(advice, sql.migrations)
}, 120_000)

test('none of them for a few rows, and the same twice', async () => {
  const { server } = sample()
  const few = await sample().plannedText('tickets', spec('rows: 60, distinct: { org_id: 20, box_id: 30 }', asked.replace('deepest 100k', 'deepest 40').replace('rate: 20/s', 'rate: 1/h'), { boxes: 'rows: 50, distinct: { org_id: 20 }', retitled: '1/day' }))
  const seen = await settleAdvice({ server, plan: few.plan, migrations: few.sql.migrations })
  expect(seen.map(({ query, id }) => `${query}: ${id}`)).toEqual([])
  const { plan, sql } = await sample().plannedText('tickets', spec(large, '  dear: { table: tickets, where: [org_id =, "price >"], rate: 1/s, as: authenticated }\n', { retitled: '1/day' }))
  // A vote is found by its poll and its voter, which are its key: one row, as the planner knows.
  const { plan: votes } = await sample().planned('episode_polls')
  expect(proposalsOf(votes, server.catalog).filter(({ id }) => id === 'extended-statistics')).toEqual([])
  const again = () => settleAdvice({ server, plan, migrations: sql.migrations })
  const alone = await again()
  // By itself it is planned before the change all the same.
  expect(alone.map(({ query, id }) => `${query}: ${id}`)).toEqual(['dear: plain-type'])
  expect(await again()).toEqual(alone)
})

test('a search of a client: the index is there, the caller does not get it, a function does', async () => {
  const { server } = sample()
  const text = readFileSync('references/examples/designs/show_submissions.yaml', 'utf8').replace('    through: function\n', '')
  const { plan, sql } = await sample().plannedText('show_submissions', text)
  const { advice = [] } = await provePlans({ server, plan, sql })
  const found = advice.filter(({ query }) => query === 'by_label')
  expect(found.map(({ id }) => id)).toContain('search-function')
  const [search] = found.filter(({ id }) => id === 'search-function')
  expect(search).toMatchObject({ as: 'postgres', remedy: 'Add: through: function', ddl: [expect.stringMatching(/using gin \(labels\)/)], says: expect.stringMatching(/With core\.show_submissions using gin \(labels\) in place, the plan of authenticated does not read it\./) })
  expect(search?.before.plan.join('\n')).not.toMatch(/gin/)
  expect(search?.after.plan.join('\n')).toMatch(/gin_idx/)
  await everyOneRuns(found, sql.migrations)
}, 120_000)

test('what is there takes part: an index that a wider one begins with is named, with statements that work, and so is the way by hand', async () => {
  const { server } = sample()
  const text = `design: roles
story: Members of the cast are noted for people.
schema: core
tables:
  role_notes:
    about: What somebody wrote of a person.
    columns: { person_id: { type: uuid, references: core.people, on_delete: restrict }, body: text }
    access: { pattern: public_read, insert: service }
    scale: { rows: 1M, distinct: { person_id: 100k } }
existing:
  core.cast_members: { scale: { rows: 60M, distinct: { person_id: 3k } } }
queries:
  of_person: { table: core.cast_members, where: [person_id =], order_by: created_at desc, page: keyset 20, rate: 50/s, as: service_role }
`
  const { plan, sql: { migrations } } = await sample().plannedText('roles', text)
  const [made] = plan.indexes.filter(({ table }) => table.name === 'cast_members')
  // 20k rows each, and a page of twenty by their time: the index by person gets the order behind it.
  expect(made?.keys.map(({ column }) => column).slice(0, 2)).toEqual(['person_id', 'created_at'])
  expect(plan.superfluous).toEqual([{ index: { schema: 'core', name: 'cast_members_person_id_idx' }, by: made?.name, isNew: true }])
  expect(made?.worth?.without?.statement).toMatch(/^of_person/)
  expect(made?.worth?.without?.ratio).toBeGreaterThan(10)
  const database = await server.createDatabase()
  try {
    await applyFiles(database, migrations)
    await using session = await database.connect()
    for (const { index } of plan.superfluous ?? []) await session.query(`drop index concurrently ${index.schema}.${index.name}`)
    // A parent with partitions and rows, as indexes.md tells to go about it.
    await session.query("create table core.visits (show_id uuid not null, at timestamptz not null) partition by range (at); create table core.visits_a partition of core.visits for values from ('2025-01-01') to ('2025-07-01'); create table core.visits_b partition of core.visits for values from ('2025-07-01') to ('2026-01-01'); insert into core.visits select gen_random_uuid(), '2025-03-01' from generate_series(1, 10)")
    const key = (column: string, direction: 'asc' | 'desc') => ({ column, direction, nulls: null, operatorClass: null })
    const index: IndexPlan = { name: 'visits_show_id_at_idx', table: { schema: 'core', name: 'visits' }, method: 'btree', keys: [key('show_id', 'asc'), key('at', 'desc')], include: [], where: null, reasons: [], concurrently: true }
    for (const statement of byHandSql(index, ['visits_a', 'visits_b'])) await session.query(statement)
    const { rows } = await session.query("select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like 'visits%' order by 1")
    expect(rows).toEqual([{ name: 'visits_show_id_at_idx', valid: true }, { name: 'visits_show_id_at_idx_visits_a', valid: true }, { name: 'visits_show_id_at_idx_visits_b', valid: true }])
  } finally {
    await database.drop()
  }
}, 120_000)

test('statistics of columns that hang together correct what the planner expects, for parameters as well', async () => {
  const database = await sample().server.createDatabase()
  try {
    await using session = await database.connect()
    await session.query('create table public.pairs as select i % 1000 as box, (i % 1000) / 10 as org from generate_series(1, 100000) i; set plan_cache_mode = force_generic_plan')
    await session.query('analyze public.pairs; prepare pair (int, int) as select from public.pairs where box = $1 and org = $2')
    const expected = async () => (await session.query<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }>('explain (format json) execute pair (1, 0)')).rows[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows']
    expect(await expected()).toBe(1)
    await session.query('create statistics public.pairs_stats (ndistinct, dependencies) on box, org from public.pairs; analyze public.pairs')
    expect(await expected()).toBe(100)
  } finally {
    await database.drop()
  }
})

test('partitions of a large table whose rows go by their age, with what they cost; none for ordinary tables', async () => {
  const { server } = sample()
  const { plan, sql: { migrations } } = await sample().planned('partner_feeds')
  const [, deliveries] = plan.tables
  if (!deliveries) throw new Error('No deliveries.')
  const wishOf = (table: Partial<TablePlan['table']>, others: TablePlan[] = []) => {
    const changed = { ...deliveries, table: { ...deliveries.table, ...table } }
    return partitionWish(changed, { ...plan, tables: [...plan.tables.map((one) => (one === deliveries ? changed : one)), ...others] }, server.catalog)
  }
  expect(wishOf({})).toMatchObject({ column: 'delivered_at', interval: { name: 'month' }, live: 13 })
  // Some 8 GB; nothing that goes by its age; rows that another table refers to; a stream whose tables are not partitioned.
  expect(wishOf({ scale: { ...deliveries.table.scale, rows: 5e6, growthPerDay: 20_000 } })).toBeNull()
  expect(wishOf({ retention: null })).toBeNull()
  expect(wishOf({}, [{ ...deliveries, table: { ...deliveries.table, name: 'answers' }, foreignKeys: deliveries.foreignKeys.map((key) => ({ ...key, references: { ...key.references, table: deliveries.table } })) }])).toBeNull()
  expect(wishOf({ realtime: true })).toBeNull()
  // A week is short enough for a quarter of a year, a quarter for five years.
  const kept = (days: number) => wishOf({ retention: deliveries.table.retention && { ...deliveries.table.retention, keep: { text: '', days } } })?.interval.name
  expect([kept(90), kept(5 * 365)]).toEqual(['week', 'quarter'])
  // 180M votes: many rows are no reason.
  const { plan: votes } = await sample().planned('episode_polls')
  expect(votes.tables.filter((table) => partitionWish(table, votes, server.catalog) !== null)).toEqual([])
  const advice = await settlePartitions({ server, plan, migrations })
  // 97M rows of some 110 bytes with four indexes; 13 months are kept, three more are made ahead.
  expect(advice.map(({ query, id }) => `${query}: ${id}`)).toEqual(['core.partner_feed_deliveries: partitioning'])
  const [{ says = '', instead = '', ddl = [], before, after } = {}] = advice
  expect(says).toMatch(/partitions of one month each, some 13 of them.*the primary key is \(id, delivered_at\), so id alone may repeat.*deliveries_of_feed \S+ → \S+, in 16 of 16 partitions/)
  expect(before?.plan.join('\n')).not.toMatch(/_p2024/)
  expect(after?.plan.join('\n')).toMatch(/partner_feed_deliveries_p2024\d\d/)
  // As a migration makes it, and as a job takes the oldest month away.
  const written = migrations.map(({ path, sql }) => ({ path, sql: sql.replace(/create table core\.partner_feed_deliveries \([^]*?\n\)/, () => instead) }))
  expect(written.filter(({ sql }, place) => sql !== migrations[place]?.sql)).toHaveLength(1)
  const database = await server.createDatabase()
  try {
    await applyFiles(database, written)
    await using session = await database.connect()
    for (const statement of ddl) await session.query(statement)
    const { rows } = await session.query<{ name: string; closed: boolean; bound: boolean }>("select c.relname as name, c.relrowsecurity and not has_table_privilege('authenticated', c.oid, 'select') as closed, pg_get_expr(c.relpartbound, c.oid) like '%' || date_trunc('month', now())::date || '%' as bound from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'core.partner_feed_deliveries'::regclass order by 1")
    // Thirteen, the one that has begun, and three ahead.
    expect([16, 17]).toContain(rows.length)
    expect(rows.filter(({ closed }) => !closed)).toEqual([])
    expect(rows.filter(({ bound }) => bound)).not.toEqual([])
    await session.query(`alter table core.partner_feed_deliveries detach partition core.${rows[0]?.name} concurrently`)
    await session.query(`drop table core.${rows[0]?.name}`)
  } finally {
    await database.drop()
  }
}, 120_000)

/** On the tables of the design, as the owner of the table and then as who asks. */
async function everyOneRuns(advice: readonly Advice[], migrations: readonly SqlFile[]): Promise<void> {
  const database = await sample().server.createDatabase()
  try {
    await applyFiles(database, migrations)
    await using session = await database.connect()
    for (const { ddl, as, types, sql } of advice) {
      await session.query('begin')
      for (const statement of ddl) await session.query(statement)
      await session.query(`set local role ${as}; prepare advised ${types.length > 0 ? `(${types.join(', ')})` : ''} as ${sql}`)
      const count = Math.max(types.length, ...[...sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)), 0)
      await session.query(`execute advised ${count > 0 ? `(${Array.from({ length: count }, () => 'null').join(', ')})` : ''}`)
      await session.query('rollback; deallocate all')
    }
  } finally {
    await database.drop()
  }
}
