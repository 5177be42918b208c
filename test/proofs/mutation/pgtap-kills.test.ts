/** The generated test file is asked the same as the access proof: does it fail for every fault that is made on purpose? */
import { expect, test } from 'vitest'
import { readMutants } from '../../../generators/proofs/mutation/read-mutants.ts'
import { sampleServer } from '../../support/sample-server.ts'
import { faultyDatabase } from './faulty-database.ts'

const sample = sampleServer()

// The others take half a minute each: TRR_DB_SLOW=1 runs them.
test.each(process.env['TRR_DB_SLOW'] ? ['import_runs', 'partner_feeds', 'watchlists', 'show_submissions'] : ['import_runs'])('%s', async (design) => {
  const planned = await sample().planned(design)
  await using faulty = await faultyDatabase(sample(), planned)
  expect(await faulty.testFails('select 1')).toBeNull()
  const { own, shared } = await readMutants(faulty.session, planned.plan)
  const mutants = [...own, ...shared].filter(({ equivalent }) => equivalent === null)
  const missed: string[] = []
  for (const { says, sql } of mutants) if ((await faulty.testFails(sql)) === null) missed.push(says)
  expect(mutants.length).toBeGreaterThan(70)
  expect(missed).toEqual([])
}, 300_000)
