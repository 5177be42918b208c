/** Every weakening of every example design is noticed; and what makes the proof blind makes a survivor. */
import { readFileSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planFiles } from '../../../generators/commands/pipeline/plan-files.ts'
import { generatedSql } from '../../../generators/commands/pipeline/prove-design.ts'
import { type ReplayedServer, openServer } from '../../../generators/postgres/server.ts'
import type { Prepared } from '../../../generators/proofs/access/prepare.ts'
import { proveMutations } from '../../../generators/proofs/mutations.ts'
import { type Repository, readRepository } from '../../../generators/repository/read.ts'

const folder = 'references/examples/designs'
let repository: Repository
let server: ReplayedServer

beforeAll(async () => {
  repository = await readRepository('references/examples/trr')
  server = await openServer({ major: repository.config.major, history: repository.migrations })
}, 120_000)
afterAll(() => server.stop())

async function planned(name: string) {
  const source = { text: readFileSync(`${folder}/${name}`, 'utf8'), file: name, specPath: `supabase/designs/${name}`, design: name.replace('.yaml', '') }
  const design = await planFiles({ source, repository, server, lock: null, now: new Date(0) })
  return { server, plan: design.plan, sql: generatedSql(design, design.sql), prepared: design.prepared as Prepared }
}

// Five tables take longer than all other designs together: TRR_DB_SLOW=1 runs them as well.
test.each(readdirSync(folder).filter((name) => process.env['TRR_DB_SLOW'] || name !== 'newsroom.yaml'))('%s', async (name) => {
  const evidence = await proveMutations(await planned(name))
  expect(evidence.open).toBeNull()
  expect(evidence.survivors.filter(({ effect }) => effect === 'weakening')).toEqual([])
  expect(evidence.refused).toEqual([])
  expect(evidence.weakening.noticed).toBeGreaterThan(20)
  expect(evidence.restricting.noticed).toBeGreaterThan(5)
}, 240_000)

test('a proof that knows no anonymous sign-in lets faults survive', async () => {
  const options = await planned('watchlists.yaml')
  for (const { subject } of options.prepared.tables) subject.world.identities = subject.world.identities.filter(({ id }) => id !== 'anonymous')
  const { survivors, weakening } = await proveMutations(options)
  expect(survivors.map(({ fault }) => fault).join('\n')).toMatch(/watchlists_select: using without .*is_anonymous/)
  expect(weakening.noticed).toBeLessThan(weakening.total)
}, 120_000)

test('a design that is not proved is not weakened', async () => {
  const options = await planned('show_ratings.yaml')
  const migrations = options.sql.migrations.map((file, index, all) => (index === all.length - 1 ? { ...file, sql: `${file.sql}\ngrant insert on core.show_ratings to anon;\ncreate policy more on core.show_ratings for insert to anon with check (true);` } : file))
  expect(await proveMutations({ ...options, sql: { migrations } })).toMatchObject({ open: expect.stringContaining('not as the spec says to begin with'), survivors: [], weakening: { total: 0 } })
}, 60_000)
