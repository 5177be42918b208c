import { expect, test } from 'vitest'
import { proveRollback } from '../../generators/proofs/rollback.ts'
import { provedServer, sampleSql, withChange } from './proved-server.ts'

const server = provedServer()
const prove = (sql = sampleSql()) => proveRollback({ server: server(), sql })

test('a sound rollback gives everything back', async () => {
  const evidence = await prove()
  expect(evidence).toMatchObject({ status: 'proved', findings: [], downRestores: true, upAgainEquals: true })
  expect(evidence.compared).toBeGreaterThan(20)
})

test('a rollback that forgets a grant', async () => {
  const evidence = await prove(withChange(sampleSql(), 'rollbacks/0003', 'authenticated, service_role', 'authenticated'))
  expect(evidence).toMatchObject({ status: 'failed', downRestores: false })
  expect(evidence.findings[0]).toMatch(/rollbacks\/0003_notes_rls.sql does not give back .* privileges relation core.notes .*service_role/)
})

test('a rollback that takes too much', async () => {
  const evidence = await prove(withChange(sampleSql(), 'rollbacks/0002', /$/, '\nrevoke usage on schema core from anon;'))
  expect(evidence.findings[0]).toMatch(/missing: privileges schema core/)
})

test('a rollback that the server refuses', async () => {
  const evidence = await prove(withChange(sampleSql(), 'rollbacks/0004', 'notes_latest', 'notes_missing'))
  expect(evidence).toMatchObject({ status: 'failed', downRestores: false, upAgainEquals: false })
  expect(evidence.findings).toEqual([expect.stringMatching(/^supabase\/rollbacks\/0004_notes_indexes.sql:1:1 {2}REPLAY_FAILED/)])
})

test('a missing rollback', async () => {
  const { migrations, rollbacks, test } = sampleSql()
  const evidence = await prove({ migrations, rollbacks: rollbacks.slice(1), test })
  expect(evidence).toMatchObject({ status: 'failed', findings: ['There are 5 migrations and 4 rollbacks.'] })
})
