/** Every weakening of every example design is noticed; and what makes the proof blind makes a survivor. */
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { proveMutations } from '../../../generators/proofs/mutations.ts'
import { examples, sampleServer } from '../../support/sample-server.ts'

const sample = sampleServer()

const golden = 'test/golden/designs'
const written = readdirSync(golden).map((name) => name.replace('.yaml', ''))

// Those that are quick in every run: one row for each user, too. TRR_DB_SLOW=1 takes all designs, which takes minutes.
test.each(process.env['TRR_DB_SLOW'] ? [...examples, ...written] : ['episode_polls', 'import_runs', 'show_ratings', 'profiles'])('%s', async (name) => {
  const planned = written.includes(name) ? sample().plannedText(name, readFileSync(`${golden}/${name}.yaml`, 'utf8')) : sample().planned(name)
  const evidence = await proveMutations({ server: sample().server, ...(await planned) })
  expect(evidence.open).toBeNull()
  expect(evidence.survivors.filter(({ effect }) => effect === 'weakening')).toEqual([])
  expect(evidence.refused).toEqual([])
  expect(evidence.weakening.noticed).toBeGreaterThan(20)
  expect(evidence.restricting.noticed).toBeGreaterThan(5)
}, 240_000)

test('a proof that knows no anonymous sign-in lets faults survive', async () => {
  const options = { server: sample().server, ...(await sample().planned('watchlists', { fresh: true })) }
  for (const { subject } of options.prepared.tables) subject.world.identities = subject.world.identities.filter(({ id }) => id !== 'anonymous')
  const { survivors, weakening } = await proveMutations(options)
  expect(survivors.map(({ fault }) => fault).join('\n')).toMatch(/watchlists_select: using without .*is_anonymous/)
  expect(weakening.noticed).toBeLessThan(weakening.total)
}, 120_000)

test('a design that is not proved is not weakened', async () => {
  const options = { server: sample().server, ...(await sample().planned('show_ratings')) }
  const migrations = options.sql.migrations.map((file, index, all) => (index === all.length - 1 ? { ...file, sql: `${file.sql}\ngrant insert on core.show_ratings to anon;\ncreate policy more on core.show_ratings for insert to anon with check (true);` } : file))
  expect(await proveMutations({ ...options, sql: { migrations } })).toMatchObject({ open: expect.stringContaining('not as the spec says to begin with'), survivors: [], weakening: { total: 0 } })
})
