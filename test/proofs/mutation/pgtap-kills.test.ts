/** The generated test file is asked the same as the access proof: does it fail for every fault that is made on purpose? */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planFiles } from '../../../generators/commands/pipeline/plan-files.ts'
import { generatedSql } from '../../../generators/commands/pipeline/prove-design.ts'
import { installPgtap } from '../../../generators/postgres/pgtap.ts'
import { applyFiles } from '../../../generators/postgres/replay.ts'
import { type ReplayedServer, openServer } from '../../../generators/postgres/server.ts'
import { readMutants } from '../../../generators/proofs/mutation/read-mutants.ts'
import { runTest } from '../../../generators/proofs/pgtap.ts'
import { type Repository, readRepository } from '../../../generators/repository/read.ts'

let repository: Repository
let server: ReplayedServer

beforeAll(async () => {
  repository = await readRepository('references/examples/trr')
  server = await openServer({ major: repository.config.major, history: repository.migrations })
}, 120_000)
afterAll(() => server.stop())

// The second takes half a minute: TRR_DB_SLOW=1 runs both.
test.each(process.env['TRR_DB_SLOW'] ? ['partner_feeds', 'watchlists'] : ['partner_feeds'])('%s', async (design) => {
  const source = { text: readFileSync(`references/examples/designs/${design}.yaml`, 'utf8'), file: design, specPath: `supabase/designs/${design}.yaml`, design }
  const planned = await planFiles({ source, repository, server, lock: null, now: new Date(0) })
  const { migrations, test: file } = generatedSql(planned, planned.sql)
  const database = await server.createDatabase()
  await applyFiles(database, migrations)
  await using session = await database.connect()
  await installPgtap(session)
  // Inside of a transaction the file's own BEGIN and ROLLBACK would end it.
  const inside = { ...file, sql: file.sql.replace(/^begin;$/m, 'savepoint test;').replace(/^rollback;\s*$/m, 'rollback to savepoint test;') }
  expect(await runTest(session, file)).toMatchObject({ status: 'proved', findings: [] })
  const { own, shared } = await readMutants(session, planned.plan)
  const missed: string[] = []
  let tried = 0
  for (const { says, sql, equivalent } of [...own, ...shared]) {
    if (equivalent !== null) continue
    await session.query('begin')
    const isMade = await session.query(sql).then(() => true, () => false)
    if (isMade && (await runTest(session, inside)).status === 'proved') missed.push(says)
    tried += Number(isMade)
    if (session.transaction !== 'none') await session.query('rollback')
  }
  expect(tried).toBeGreaterThan(100)
  expect(missed).toEqual([])
}, 300_000)
