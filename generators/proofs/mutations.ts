/** The test of the access proof: every policy, grant, helper, key and trigger is weakened in turn, and some request must notice. */
import type { MutationEvidence } from '../design/mutation-evidence.ts'
import type { Plan } from '../design/plan.ts'
import type { GeneratedSql } from '../design/sql-file.ts'
import { applyFiles } from '../postgres/replay.ts'
import type { Database, ReplayedServer } from '../postgres/server.ts'
import { loadParser } from '../sql/parser.ts'
import { employJobs } from './access/job-people.ts'
import { type Prepared, prepare } from './access/prepare.ts'
import { installRunner } from './access/runner.ts'
import { surroundingsOf } from './access/surroundings.ts'
import { type Tried, tryFaults } from './mutation/lane.ts'
import type { Catch, Mutant } from './mutation/mutant.ts'
import { type MutantsOf, readMutants } from './mutation/read-mutants.ts'
import { refusalOf } from './proof-error.ts'

export interface MutationOptions {
  server: Pick<ReplayedServer, 'createDatabase'>
  plan: Plan
  sql: Pick<GeneratedSql, 'migrations'>
  prepared?: Prepared
  /** Where there are more faults, none is tried. */
  atMost?: number
  progress?: (message: string) => void
  signal?: AbortSignal
  /** Told of every mutant as it is settled. */
  settled?: (mutant: Mutant, caught: Catch | null) => void
}

/** Side by side: the two cores of a small machine. Always as many, because what was told before decides what is asked first. */
const lanes = 2

/** Each lane has a database of its own, and each mutant is taken back before the next. */
export async function proveMutations(options: MutationOptions): Promise<MutationEvidence> {
  await loadParser()
  const { server, plan, atMost } = options
  await employJobs(server, plan)
  const first = await server.createDatabase()
  const databases = [first]
  try {
    const applied = await apply(first, options)
    if ('open' in applied) return closed(applied.open)
    const { mutants, prepared, before } = applied
    const all = [...mutants.own, ...mutants.shared]
    if (all.length > (atMost ?? all.length)) return closed(`there are ${all.length} of them, which takes a while`)
    while (databases.length < lanes) databases.push(await server.createDatabase({ from: first }))
    return await tryAll(databases, { mutants, prepared, before }, options)
  } finally {
    for (const database of databases) await database.drop()
  }
}

interface Applied {
  mutants: MutantsOf
  prepared: Prepared
  /** `surroundingsOf` of the time before the files. */
  before: readonly string[]
}

async function apply(database: Database, { plan, sql, prepared: known }: MutationOptions): Promise<Applied | { open: string }> {
  await using session = await database.connect()
  const before = await surroundingsOf(session, plan)
  const refusal = await applyFiles(database, sql.migrations).then(() => null, refusalOf)
  if (refusal !== null) return { open: `the files do not apply: ${refusal}` }
  const prepared = known ?? (await prepare(session, plan))
  const [open] = prepared.open
  return open === undefined ? { mutants: await readMutants(session, plan), prepared, before } : { open }
}

async function tryAll(databases: readonly Database[], { mutants, ...applied }: Applied, options: MutationOptions): Promise<MutationEvidence> {
  const { plan, signal, progress } = options
  const over = new AbortController()
  const inLane = async (database: Database, lane: number): Promise<Tried> => {
    await using session = await database.connect()
    await installRunner(session)
    const isMine = (place: number) => place % databases.length === lane
    const dealt = { own: mutants.own.filter((_, place) => isMine(place)), shared: mutants.shared.filter((_, place) => isMine(place)) }
    return await tryFaults({ session, plan, ...applied, signal, isMine, isOver: () => over.signal.aborted, ...(progress ? { progress } : {}) }, dealt)
  }
  const running = databases.map(async (database, lane) => {
    const tried = await inLane(database, lane).catch((error: unknown) => over.abort() ?? Promise.reject(error))
    if (tried.open !== null) over.abort()
    return tried
  })
  // All have ended before the databases are dropped.
  await Promise.allSettled(running)
  const tried = await Promise.all(running)
  const evidence = closed(tried.find(({ open }) => open !== null)?.open ?? null)
  if (evidence.open !== null) return evidence
  const caught = new Map(tried.flatMap((one) => (one.open === null ? [...one.caught] : [])))
  for (const mutant of [...mutants.own, ...mutants.shared]) settle(evidence, mutant, caught.get(mutant) ?? null, options)
  return evidence
}

function settle(evidence: MutationEvidence, mutant: Mutant, caught: Catch | null, { settled }: MutationOptions): void {
  settled?.(mutant, caught)
  const { says: fault, effect, equivalent } = mutant
  if (equivalent !== null) return void evidence.equivalent.push({ fault, because: equivalent })
  if (caught?.by === 'refusal') return void evidence.refused.push({ fault, because: caught.says })
  evidence[effect].total += 1
  if (caught === null) return void evidence.survivors.push({ fault, effect })
  evidence[effect].noticed += 1
  if (caught.by === 'catalog') evidence.byCatalog += 1
}

function closed(open: string | null): MutationEvidence {
  return { weakening: { total: 0, noticed: 0 }, restricting: { total: 0, noticed: 0 }, byCatalog: 0, survivors: [], equivalent: [], refused: [], open }
}
