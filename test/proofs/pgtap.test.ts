import { expect, test } from 'vitest'
import { provePgtap } from '../../generators/proofs/pgtap.ts'
import { parseTap } from '../../generators/proofs/tap.ts'
import { provedServer, sampleSql, withChange } from './proved-server.ts'

const server = provedServer()
const prove = (sql = sampleSql()) => provePgtap({ server: server(), sql })
const broken = (before: string | RegExp, after: string) => prove(withChange(sampleSql(), 'tests/notes', before, after))

test('a test that passes', async () => {
  expect(await prove()).toEqual({ status: 'proved', findings: [], file: 'supabase/tests/notes.test.sql', assertions: 2 })
})

test('a failing assertion is named with its line and what pgTAP says', async () => {
  const evidence = await broken("array['notes_select']", "array['notes_select', 'notes_update']")
  expect(evidence).toMatchObject({ status: 'failed', assertions: 2 })
  expect(evidence.findings[0]).toMatch(/^supabase\/tests\/notes\.test\.sql:4 not ok 2 - the policies \(.*Missing policies:.*notes_update/)
})

test('a plan that is not kept, a missing plan, an error in the middle', async () => {
  expect((await broken('plan(2)', 'plan(3)')).findings).toEqual(['supabase/tests/notes.test.sql planned 3 assertions and ran 2.'])
  expect((await broken('select plan(2);', 'select no_plan();')).status).toBe('proved')
  expect((await broken(/select plan[^]*finish\(\);/, 'select 1;')).findings).toEqual(['supabase/tests/notes.test.sql prints no plan.'])
  expect((await broken("has_table('core'", "has_tables('core'")).findings[0]).toMatch(/:3 stops the test: function has_tables/)
})

test('TAP: todo, skip, subtests, bail out', () => {
  const tap = parseTap(['1..4', 'ok 1 - a', 'not ok 2 - b # TODO later', '    not ok 1 - inner', 'ok 3 # SKIP', 'not ok 4 - d\n# Failed test 4: "d"\n#     have: 1', 'Bail out! gone'])
  expect(tap).toEqual({ planned: 4, passed: 3, failures: [{ number: 4, title: 'd', details: ['Failed test 4: "d"', 'have: 1'] }], complaints: ['Bail out! gone'] })
})
