import { expect, test } from 'vitest'
import { isGreen } from '../../generators/design/evidence.ts'
import { openServer } from '../../generators/postgres/server.ts'
import { checkExpressions } from '../../generators/proofs/expressions.ts'
import { prove } from '../../generators/proofs/prove.ts'
import { withChange } from './proved-server.ts'
import { exampleText, planText, sampleServer } from '../support/sample-server.ts'

const sample = sampleServer()

test('a design of the sample repository: green, the same evidence twice, red for one changed word', { timeout: 120_000 }, async () => {
  const { server, repository, planned } = sample()
  const { plan, sql } = await planned('show_ratings')
  expect(await checkExpressions({ server, spec: plan.spec })).toEqual([])
  const said: string[] = []
  const input = { server, plan, sql, historyFiles: repository.migrations.length }
  const evidence = await prove({ ...input, progress: (message) => said.push(message) })
  expect([evidence.replay, evidence.rollback, evidence.access, evidence.plans, evidence.pgtap].flatMap(({ findings }) => findings)).toEqual([])
  expect(isGreen(evidence)).toBe(true)
  expect(evidence.server).toBe(server.version)
  expect(said.filter((message) => /^[1-5]\/5 /.test(message))).toHaveLength(5)
  expect(await prove(input)).toEqual(evidence)
  const leaky = withChange(sql, '_rls.sql', 'for select', 'for all')
  expect(isGreen(await prove({ ...input, sql: leaky }))).toBe(false)
})

test('interrupted in the middle: every proof has ended, and it says so', async () => {
  const controller = new AbortController()
  const { repository } = sample()
  await using server = await openServer({ major: 17, history: repository.migrations, signal: controller.signal })
  const { plan, sql } = await planText({ server, repository }, 'show_ratings', exampleText('show_ratings'))
  const running = prove({ server, plan, sql, historyFiles: 0, signal: controller.signal })
  setTimeout(() => controller.abort(), 300)
  await expect(running).rejects.toMatchObject({ exitCode: 130, issues: [{ code: 'INTERRUPTED' }] })
})

test('files that do not apply: replay fails, the others claim nothing', async () => {
  const { server, planned } = sample()
  const { plan, sql } = await planned('show_ratings')
  const broken = { ...sql, migrations: sql.migrations.map((file, index) => (index === 1 ? { ...file, sql: `${file.sql}\nselect nothing;` } : file)) }
  const evidence = await prove({ server, plan, sql: broken, historyFiles: 0 })
  expect([evidence.replay, evidence.rollback, evidence.access, evidence.plans, evidence.pgtap].map(({ status }) => status)).toEqual(['failed', 'failed', 'open', 'open', 'open'])
  expect(isGreen(evidence)).toBe(false)
})
