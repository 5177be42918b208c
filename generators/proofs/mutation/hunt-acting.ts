/** Faults of functions that the calls of members notice, before the tables are asked. */
import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { type Acting, act, isWrong, witnessOf } from '../access/acting/acting.ts'
import type { ActingCase } from '../access/acting/cases.ts'
import { refusalOf, stopIfAborted } from '../proof-error.ts'
import { catalogCatch } from './catalog-catch.ts'
import { batches, createExperience } from './experience.ts'
import type { Catch, Mutant } from './mutant.ts'

/** So many calls, and three times as many before the catalog is asked. */
const atFirst = 8

interface Hunted {
  plan: Plan
  /** `surroundingsOf` of the time before the files. */
  before: readonly string[]
  settled(mutant: Mutant, caught: Catch): void
  signal?: AbortSignal | undefined
}

/** Those that nobody noticed; the others are told to `settled`. The session is the one that seeded the calls. */
export async function huntActing(session: Session, { cases }: Acting, mutants: readonly Mutant[], hunted: Hunted): Promise<Mutant[]> {
  const left: Mutant[] = []
  const experience = createExperience()
  for (const mutant of mutants) {
    stopIfAborted(hunted.signal)
    const asked = mutant.equivalent === null ? ordered(cases, mutant, hunted.plan, (one) => experience.of(mutant, nameOf(one))) : []
    const caught = asked.length > 0 ? await hunt(session, asked, mutant, hunted, (one) => experience.told(mutant, nameOf(one))) : null
    if (caught) hunted.settled(mutant, caught)
    else left.push(mutant)
  }
  return left
}

function nameOf({ caller, action, title }: ActingCase): string {
  return `${caller} ${action} ${title}`
}

/** What a function does, only calls show that come to it. Those that told other faults come first, then those that must go through or stand for others. */
function ordered(cases: Acting['cases'], mutant: Mutant, plan: Plan, timesTold: (one: ActingCase) => number): ActingCase[] {
  const telling = mutant.effect === 'restricting' ? 'done' : 'telling'
  const callers = callersOf(mutant, plan)
  const reaching = callers === null ? [...cases] : cases.filter(({ steps }) => steps.some(({ sql }) => callers.some((name) => sql.includes(`.${name}(`))))
  const told = new Map(reaching.map((one) => [one, timesTold(one)]))
  return reaching.toSorted((left, right) => (told.get(right) ?? 0) - (told.get(left) ?? 0) || Number(right[telling]) - Number(left[telling]))
}

/** Names of the function and of all that come to it. Null where any call may show it: it is no function, or one that a trigger comes to. */
function callersOf({ hint, table }: Mutant, { functions, tables }: Plan): string[] | null {
  if (hint === null || table !== null) return null
  const names = [hint]
  for (const callee of names) names.push(...functions.filter(({ name, definition }) => !names.includes(name.name) && definition.includes(`.${callee}(`)).map(({ name }) => name.name))
  return tables.some(({ triggers }) => triggers.some(({ function: { name } }) => names.includes(name))) ? null : names
}

async function hunt(session: Session, asked: readonly ActingCase[], mutant: Mutant, { plan, before }: Hunted, told: (one: ActingCase) => void): Promise<Catch | null> {
  // Cheaper than the calls that are left.
  const ofCatalog = () => catalogCatch(session, plan, mutant, before)
  await session.query('savepoint mutant')
  try {
    const refusal = await session.query(mutant.sql).then(() => null, refusalOf)
    if (refusal !== null) return { by: 'refusal', says: refusal }
    const atOnce = mutant.verbs.length === 0 ? await ofCatalog() : null
    if (atOnce) return atOnce
    for (const [place, batch] of batches(asked, atFirst).entries()) {
      const wrong = (await act(session, batch)).find(isWrong)?.case
      if (wrong) told(wrong)
      const caught = wrong ? ({ by: 'request', says: witnessOf(wrong) } as const) : place === 1 ? await ofCatalog() : null
      if (caught) return caught
    }
    return null
  } finally {
    await session.query('rollback to savepoint mutant; release savepoint mutant')
  }
}
