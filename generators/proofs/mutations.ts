/** The test of the access proof: every policy, grant, helper, key and trigger is weakened in turn, and some request must notice. */
import type { MutationEvidence } from '../design/mutation-evidence.ts'
import type { Plan } from '../design/plan.ts'
import type { GeneratedSql } from '../design/sql-file.ts'
import { applyFiles } from '../postgres/replay.ts'
import type { ReplayedServer } from '../postgres/server.ts'
import type { Session } from '../postgres/session.ts'
import { qualified } from '../sql/identifier.ts'
import { loadParser } from '../sql/parser.ts'
import { act, isWrong, seedActing } from './access/acting/acting.ts'
import { employJobs } from './access/job-people.ts'
import { type Prepared, prepare, subjectsOf } from './access/prepare.ts'
import { disagrees, seedTable, send } from './access/prove-tables.ts'
import { installRunner } from './access/runner.ts'
import { surroundingsOf } from './access/surroundings.ts'
import { type Catch, hunt, stage } from './mutation/hunt.ts'
import { huntActing } from './mutation/hunt-acting.ts'
import { type Mutant } from './mutation/mutant.ts'
import { readMutants } from './mutation/read-mutants.ts'
import { sharedValue } from './mutation/structure-mutants.ts'
import { refusalOf, stopIfAborted } from './proof-error.ts'

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

/** Everything happens in one transaction of a database of its own; each mutant is taken back before the next. */
export async function proveMutations(options: MutationOptions): Promise<MutationEvidence> {
  await loadParser()
  const { server, plan, sql } = options
  await employJobs(server, plan)
  const database = await server.createDatabase()
  try {
    await using session = await database.connect()
    const before = await surroundingsOf(session, plan)
    const refusal = await applyFiles(database, sql.migrations).then(() => null, refusalOf)
    if (refusal !== null) return closed(`the files do not apply: ${refusal}`)
    await installRunner(session)
    const prepared = options.prepared ?? (await prepare(session, plan))
    if (prepared.open.length > 0) return closed(prepared.open[0] ?? '')
    await session.query('begin')
    return await tryAll(session, prepared, before, options)
  } finally {
    await database.drop()
  }
}

async function tryAll(session: Session, prepared: Prepared, before: readonly string[], options: MutationOptions): Promise<MutationEvidence> {
  const evidence = closed(null)
  const mutants = await readMutants(session, options.plan)
  const count = mutants.own.length + mutants.shared.length
  if (count > (options.atMost ?? count)) return closed(`there are ${count} of them, which takes a while`)
  let { own: ofTables, shared } = mutants
  await session.query(prepared.world)
  const { acting } = prepared
  if (acting) {
    const called = [...shared, ...ofTables.filter((mutant) => isKeyOfInvitations(mutant, options.plan))]
    options.progress?.(`${called.length} faults in the functions on memberships`)
    await session.query('savepoint acting')
    await seedActing(session, acting)
    if ((await act(session, acting.cases)).some(isWrong)) return closed('the functions on memberships do not do what the spec says to begin with')
    const left = await huntActing(session, acting, called, { plan: options.plan, before, settled: (mutant, caught) => settle(evidence, mutant, caught, options) })
    shared = left.filter(({ table }) => table === null)
    ofTables = ofTables.filter((mutant) => !called.includes(mutant) || left.includes(mutant))
    await session.query('rollback to savepoint acting; release savepoint acting')
  }
  for (const table of subjectsOf(prepared)) {
    const { name, schema } = table.subject.table
    const seeded = await seedTable(session, table, stage)
    if ('refusal' in seeded) return closed(`${schema}.${name}: its rows are refused now: ${seeded.refusal}`)
    const wrong = (await send(session, table.subject, seeded.probes, stage)).find(({ judgements }) => judgements.some(disagrees))
    if (wrong) return closed(`access to ${schema}.${name} is not as the spec says to begin with`)
    const own = ofTable(ofTables, { schema: table.subject.table.schema, name: table.subject.label ?? table.subject.table.name }).filter((mutant) => mutant.of === table.subject.of)
    const here = table.subject.of ? [] : shared.filter(({ at }) => at === undefined || table.subject.label !== undefined || at.includes(qualified(table.subject.table)))
    options.progress?.(`${own.length + here.length} faults in ${schema}.${name}`)
    const noticed = new Set<Mutant>()
    for (const mutant of [...own, ...here]) {
      stopIfAborted(options.signal)
      const caught = mutant.equivalent === null ? await hunt(session, seeded, mutant, before) : null
      // What a fault of a function does may show at a later table.
      if (mutant.table === null && caught === null) continue
      noticed.add(mutant)
      settle(evidence, mutant, caught, options)
    }
    shared = shared.filter((mutant) => !noticed.has(mutant))
  }
  for (const mutant of shared) settle(evidence, mutant, null, options)
  return evidence
}

/** No client writes invitations: what their keys tell, an invitation tells. */
function isKeyOfInvitations({ table, hint }: Mutant, { tables }: Plan): boolean {
  return hint === sharedValue && tables.some((one) => one.table.kind === 'invitations' && one.table.name === table?.name && one.table.schema === table.schema)
}

function ofTable(own: readonly Mutant[], { schema, name }: { schema: string; name: string }): Mutant[] {
  return own.filter(({ table }) => table?.schema === schema && table.name === name)
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
