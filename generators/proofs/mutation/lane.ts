/** One of the databases in which faults are tried side by side: each fault in one of them, taken back before the next. */
import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { act, isWrong, seedActing } from '../access/acting/acting.ts'
import { type Prepared, subjectsOf } from '../access/prepare.ts'
import { disagrees, seedTable, send } from '../access/prove-tables.ts'
import type { PreparedSubject } from '../access/requests.ts'
import { stopIfAborted } from '../proof-error.ts'
import { createExperience } from './experience.ts'
import { hunt, stage } from './hunt.ts'
import { huntActing } from './hunt-acting.ts'
import type { Catch, Mutant } from './mutant.ts'
import type { MutantsOf } from './read-mutants.ts'
import { sharedValue } from './structure-mutants.ts'

export interface Lane {
  /** The files are applied, and the runner is there. */
  session: Session
  plan: Plan
  prepared: Prepared
  /** `surroundingsOf` of the time before the files. */
  before: readonly string[]
  /** This lane's part of what all of them do together, by place. */
  isMine(place: number): boolean
  progress?: (message: string) => void
  signal?: AbortSignal | undefined
  /** Another lane found that there is nothing to try. */
  isOver(): boolean
}

export type Tried = { open: string } | { open: null; caught: Map<Mutant, Catch> }

/** The lane's own faults. Everything happens in one transaction. What is not in `caught` was noticed by nobody. */
export async function tryFaults(lane: Lane, mutants: MutantsOf): Promise<Tried> {
  const { session, prepared } = lane
  const caught = new Map<Mutant, Catch>()
  await session.query('begin')
  await session.query(prepared.world)
  const open = (await tryCalls(lane, mutants, caught)) ?? (await tryTables(lane, mutants, caught))
  return open === null ? { open, caught } : { open }
}

/** Faults that the calls of members notice. Why nothing could be tried; null when it was. */
async function tryCalls(lane: Lane, { own, shared }: MutantsOf, caught: Map<Mutant, Catch>): Promise<string | null> {
  const { session, plan, before, prepared: { acting }, signal } = lane
  if (!acting) return null
  const called = [...shared, ...own.filter((mutant) => isKeyOfInvitations(mutant, plan))]
  lane.progress?.(`${called.filter(({ equivalent }) => equivalent === null).length} faults in the functions on memberships`)
  await session.query('savepoint acting')
  await seedActing(session, acting)
  if ((await act(session, acting.cases.filter((_, place) => lane.isMine(place)))).some(isWrong)) return 'the functions on memberships do not do what the spec says to begin with'
  await huntActing(session, acting, called, { plan, before, signal, settled: (mutant, by) => void caught.set(mutant, by) })
  await session.query('rollback to savepoint acting; release savepoint acting')
  return null
}

async function tryTables(lane: Lane, { own, shared }: MutantsOf, caught: Map<Mutant, Catch>): Promise<string | null> {
  const { session, before, prepared } = lane
  const experience = createExperience()
  for (const table of subjectsOf(prepared)) {
    if (lane.isOver()) return null
    const { schema, name } = table.subject.table
    const seeded = await seedTable(session, table, stage)
    if ('refusal' in seeded) return `${schema}.${name}: its rows are refused now: ${seeded.refusal}`
    const wrong = (await send(session, table.subject, seeded.probes.filter((_, place) => lane.isMine(place)), stage)).some(({ judgements }) => judgements.some(disagrees))
    if (wrong) return `access to ${schema}.${name} is not as the spec says to begin with`
    const here = [...own.filter((mutant) => isOwn(mutant, table)), ...shared.filter((mutant) => isShown(mutant, table))].filter((mutant) => mutant.equivalent === null && !caught.has(mutant))
    lane.progress?.(`${here.length} faults in ${schema}.${name}`)
    for (const mutant of here) {
      if (lane.isOver()) return null
      stopIfAborted(lane.signal)
      const by = await hunt(session, seeded, mutant, before, experience)
      if (by) caught.set(mutant, by)
    }
  }
  return null
}

function isOwn({ table, of }: Mutant, { subject }: PreparedSubject): boolean {
  return table?.schema === subject.table.schema && table.name === (subject.label ?? subject.table.name) && of === subject.of
}

/** What a fault of a function does may show at a later table. */
function isShown({ at }: Mutant, { subject }: PreparedSubject): boolean {
  return subject.of === undefined && (at === undefined || subject.label !== undefined || at.includes(qualified(subject.table)))
}

/** No client writes invitations: what their keys tell, an invitation tells. */
function isKeyOfInvitations({ table, hint }: Mutant, { tables }: Plan): boolean {
  return hint === sharedValue && tables.some((one) => one.table.kind === 'invitations' && one.table.name === table?.name && one.table.schema === table.schema)
}
