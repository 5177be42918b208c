/** The generated test file is asked the same as the access proof: does it fail for every fault that is made on purpose? */
import { expect, test } from 'vitest'
import { installPgtap } from '../../../generators/postgres/pgtap.ts'
import { applyFiles } from '../../../generators/postgres/replay.ts'
import { readMutants } from '../../../generators/proofs/mutation/read-mutants.ts'
import { runTest } from '../../../generators/proofs/pgtap.ts'
import { sampleServer } from '../../support/sample-server.ts'

const sample = sampleServer()

// The second takes half a minute: TRR_DB_SLOW=1 runs both.
test.each(process.env['TRR_DB_SLOW'] ? ['partner_feeds', 'watchlists'] : ['partner_feeds'])('%s', async (design) => {
  const { server, planned } = sample()
  const { plan, sql: { migrations, test: file } } = await planned(design)
  const database = await server.createDatabase()
  await applyFiles(database, migrations)
  await using session = await database.connect()
  await installPgtap(session)
  // Inside of a transaction the file's own BEGIN and ROLLBACK would end it.
  const inside = { ...file, sql: file.sql.replace(/^begin;$/m, 'savepoint test;').replace(/^rollback;\s*$/m, 'rollback to savepoint test;') }
  expect(await runTest(session, file)).toMatchObject({ status: 'proved', findings: [] })
  const { own, shared } = await readMutants(session, plan)
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
