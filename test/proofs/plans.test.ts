import { expect, test } from 'vitest'
import type { QueryPlan } from '../../generators/design/plan.ts'
import { provePlans } from '../../generators/proofs/plans.ts'
import { provedServer, sampleSql, withChange } from './proved-server.ts'
import { latest, planOf, query } from './sample-plan.ts'

const server = provedServer()
const prove = (queries: QueryPlan[], sql = sampleSql()) => provePlans({ server: server(), plan: planOf(queries), sql })

test('the index serves the query under row level security, on real rows', async () => {
  const evidence = await prove([latest])
  expect(evidence).toMatchObject({ status: 'proved', findings: [] })
  expect(evidence.queries).toEqual([{
    name: 'latest', as: 'authenticated', sql: latest.sql, indexes: ['notes_latest'], sequentialScans: [], subPlans: 0, rows: { 'core.notes': 10_000 },
    plan: expect.arrayContaining([expect.stringMatching(/Index Scan using notes_latest/), expect.stringMatching(/InitPlan/)]),
  }])
})

test('the same evidence twice', async () => {
  expect(await prove([latest])).toEqual(await prove([latest]))
})

test('an index that cannot serve it: the operator is not leakproof', async () => {
  const ilike = { ...latest, query: query('search'), sql: 'select id from core.notes where title ilike $1', parameters: [{ column: 'title', type: 'text', role: 'other' as const }], index: 'notes_title' }
  const trigram = withChange(sampleSql(), 'migrations/0004', /$/, '\ncreate extension if not exists pg_trgm with schema extensions;\ncreate index notes_title on core.notes using gin (title extensions.gin_trgm_ops);')
  const evidence = await prove([ilike, { ...ilike, query: query('service_search', { as: 'service_role' }) }], trigram)
  expect(evidence.status).toBe('failed')
  expect(evidence.findings).toEqual([expect.stringMatching(/The index notes_title cannot serve the query search when authenticated runs it: the plan reads .*core\.notes/)])
  expect(evidence.queries[1]?.indexes).toEqual(['notes_title'])
})

test('an index that could serve it, but another is taken', async () => {
  const better = withChange(sampleSql(), 'migrations/0004', /$/, '\ncreate index notes_poor on core.notes (org_id);')
  const evidence = await prove([{ ...latest, index: 'notes_poor' }], better)
  expect(evidence).toMatchObject({ status: 'open', findings: [expect.stringMatching(/notes_poor can serve the query latest, but with 10000 rows in core.notes the plan reads notes_latest/)] })
})

test('no index that fits, nothing promised: reported, not a finding', async () => {
  const evidence = await prove([{ ...latest, sql: 'select count(*) from core.notes where char_length(title) > 3', parameters: [], index: null }])
  expect(evidence).toMatchObject({ status: 'proved', findings: [], queries: [{ name: 'latest' }] })
})

test('a sub-plan for each row is counted', async () => {
  const evidence = await prove([{ ...latest, sql: 'select n.id, (select count(*) from core.notes o where o.org_id = n.org_id and o.created_at > n.created_at) from core.notes n where n.org_id = $1', index: null }])
  expect(evidence.queries[0]?.subPlans).toBe(1)
})

test('a role that may not run it', async () => {
  const evidence = await prove([{ ...latest, query: query('latest', { as: 'anon' }) }])
  expect(evidence).toMatchObject({ status: 'failed', findings: [expect.stringMatching(/^The query latest cannot be run by anon: permission denied for table notes/)] })
})

test('a table that takes no synthetic rows stays open', async () => {
  const strict = withChange(sampleSql(), 'migrations/0002', 'constraint notes_pkey', "constraint notes_riddle check (md5(title) like '00000%'), constraint notes_pkey")
  const evidence = await prove([latest], strict)
  expect(evidence).toMatchObject({ status: 'open', findings: [expect.stringMatching(/latest was planned without rows: .*core\.notes/)] })
})
