import { expect, test } from 'vitest'
import type { IndexPlan, Plan, QueryPlan } from '../../generators/design/plan.ts'
import { provePlans } from '../../generators/proofs/plans.ts'
import { provedServer, sampleSql, withChange } from './proved-server.ts'
import { latest, notes, planOf, query, spec } from './sample-plan.ts'

const server = provedServer()
const scale = { ...notes.scale, rows: 2_000_000, growthPerDay: 1000, distinct: { org_id: 1000 }, declared: true }

/** The sample with two million notes of a thousand organisations, and a thousand more every day. */
function plan(queries: QueryPlan[], indexes: IndexPlan[] = []): Plan {
  const { tables, ...rest } = planOf(queries)
  const table = { ...notes, scale }
  return { ...rest, spec: spec([table]), tables: tables.map((one) => ({ ...one, table })), indexes }
}

const index = (name: string, column: string): IndexPlan => ({
  name, table: { schema: 'core', name: 'notes' }, method: 'btree', keys: [{ column, direction: 'asc', nulls: null, operatorClass: null }], include: [], where: null,
  reasons: [{ rule: 'query', subject: 'latest', says: 'query latest' }], concurrently: false,
})
const latestIndex = index('notes_latest', 'org_id')
const prove = (given: Plan, sql = sampleSql()) => provePlans({ server: server(), plan: given, sql })

test('the index serves the query under row level security, at launch and at the horizon', async () => {
  const evidence = await prove(plan([latest], [latestIndex]))
  expect(evidence).toMatchObject({ status: 'proved', findings: [] })
  expect(evidence.queries).toMatchObject([{
    name: 'latest', as: 'authenticated', sql: latest.sql, indexes: ['notes_latest'], sequentialScans: [], subPlans: 0, rows: { 'core.notes': 2_000_000 },
    plan: expect.arrayContaining([expect.stringMatching(/Index Scan using notes_latest/), expect.stringMatching(/InitPlan/)]),
    // 1096 days of 1000 rows.
    atScale: [{ at: 'launch', rows: { 'core.notes': 2_000_000 } }, { at: 'horizon', rows: { 'core.notes': 3_096_000 } }],
  }])
  expect(evidence.indexes).toMatchObject([{ name: 'notes_latest', bytes: { launch: expect.any(Number) }, usedBy: { launch: expect.arrayContaining(['query latest', 'foreign key notes_org_id_fkey']), horizon: expect.arrayContaining(['query latest']) } }])
})

test('without the index the query reads the whole table, and that costs its pages', async () => {
  const [seen] = (await prove(plan([latest], [latestIndex]))).queries
  const [launch, horizon] = seen?.atScale ?? []
  // A page of 20 of 2000 notes: a few of the planner's units; two million rows of a tuple cost of 0.01 each: more than 20 000.
  expect(launch?.cost.after).toBeLessThan(100)
  expect(launch?.cost.before).toBeGreaterThan(20_000)
  expect((horizon?.cost.before ?? 0) / (launch?.cost.before ?? 1)).toBeCloseTo(3.096 / 2, 1)
  expect(launch?.withValues).toMatchObject([{ values: 'typical', indexes: ['notes_latest'] }])
})

test('the same evidence twice', async () => {
  expect(await prove(plan([latest], [latestIndex]))).toEqual(await prove(plan([latest], [latestIndex])))
})

test('an index that cannot serve it: the operator is not leakproof', async () => {
  const ilike = { ...latest, query: query('search'), sql: 'select id from core.notes where title ilike $1', parameters: [{ column: 'title', type: 'text', role: 'other' as const }], index: 'notes_title' }
  const trigram = withChange(sampleSql(), 'migrations/0004', /$/, '\ncreate extension if not exists pg_trgm with schema extensions;\ncreate index notes_title on core.notes using gin (title extensions.gin_trgm_ops);')
  const evidence = await prove(plan([ilike, { ...ilike, query: query('service_search', { as: 'service_role' }) }]), trigram)
  expect(evidence.status).toBe('failed')
  expect(evidence.findings).toEqual([expect.stringMatching(/The index notes_title does not serve the query search when authenticated runs it: with 3096000 rows in core\.notes the plan reads notes_latest\./)])
  expect(evidence.queries[1]?.indexes).toEqual(['notes_title'])
})

test('an index that nothing reads, because another is better', async () => {
  const better = withChange(sampleSql(), 'migrations/0004', /$/, '\ncreate index notes_poor on core.notes (title);')
  const evidence = await prove(plan([latest], [latestIndex, index('notes_poor', 'title')]), better)
  expect(evidence).toMatchObject({ status: 'failed', findings: ['No query, foreign key or policy reads the index notes_poor, neither at launch nor at the horizon: every write pays for it.'] })
})

test('no index that fits, nothing promised: reported, not a finding', async () => {
  const evidence = await prove(plan([{ ...latest, sql: 'select count(*) from core.notes where char_length(title) > 3', parameters: [], index: null }]))
  expect(evidence).toMatchObject({ status: 'proved', findings: [], queries: [{ name: 'latest' }] })
})

test('a sub-plan for each row is counted', async () => {
  const evidence = await prove(plan([{ ...latest, sql: 'select n.id, (select count(*) from core.notes o where o.org_id = n.org_id and o.created_at > n.created_at) from core.notes n where n.org_id = $1', index: null }]))
  expect(evidence.queries[0]?.subPlans).toBe(1)
})

test('a role that may not run it', async () => {
  const evidence = await prove(plan([{ ...latest, query: query('latest', { as: 'anon' }) }]))
  expect(evidence).toMatchObject({ status: 'failed', findings: [expect.stringMatching(/^The query latest cannot be run by anon: permission denied for table notes/)] })
})

test('now is the end of the statistics, not of the day on which it is planned', async () => {
  const recent = { ...latest, query: query('recent', { as: 'service_role' }), sql: "select id from core.notes where created_at > now() - interval '1 day'", parameters: [], index: 'notes_created' }
  const indexed = withChange(sampleSql(), 'migrations/0004', /$/, '\ncreate index notes_created on core.notes (created_at);')
  const evidence = await prove(plan([recent]), indexed)
  // A day of two thousand: 1000 rows of two millions, by the index.
  expect(evidence).toMatchObject({ status: 'proved', queries: [{ indexes: ['notes_created'], plan: expect.arrayContaining([expect.stringContaining("created_at > ('2026-01-01 00:00:00+00'")]) }] })
})

test('what is not declared is listed, of an existing table as a whole', async () => {
  const joined = { ...latest, query: query('joined', { as: 'service_role' }), sql: 'select n.id, o.name from core.notes n join core.organizations o on o.id = n.org_id where n.id = $1', index: 'notes_pkey' }
  const { assumptions } = await prove(plan([joined]), withChange(sampleSql(), 'migrations/0003', /$/, '\ngrant select on core.organizations to service_role;'))
  expect(assumptions.filter(({ table }) => table === 'core.organizations')).toEqual([{ table: 'core.organizations', columns: [], says: '1000 rows, as many as notes.org_id refers to; its values by their types' }])
  expect(assumptions).toContainEqual({ table: 'core.notes', columns: ['title'], says: 'every row has another value' })
})
