/** Faults of functions that the calls of members notice, before the tables are asked. */
import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { type Acting, act, isWrong, witnessOf } from '../access/acting/acting.ts'
import { catalogFaults } from '../access/catalog-faults.ts'
import { refusalOf } from '../proof-error.ts'
import type { Catch } from './hunt.ts'
import type { Mutant } from './mutant.ts'

interface Hunted {
  plan: Plan
  /** `surroundingsOf` of the time before the files. */
  before: readonly string[]
  settled(mutant: Mutant, caught: Catch): void
}

/** Those that nobody noticed; the others are told to `settled`. The session is the one that seeded the calls. */
export async function huntActing(session: Session, { cases }: Acting, mutants: readonly Mutant[], hunted: Hunted): Promise<Mutant[]> {
  const left: Mutant[] = []
  for (const mutant of mutants) {
    const caught = mutant.equivalent === null && isReached(mutant, cases, hunted.plan) ? await hunt(session, cases, mutant, hunted) : null
    if (caught) hunted.settled(mutant, caught)
    else left.push(mutant)
  }
  return left
}

/** Functions of rows, such as those of a soft delete, are none that these calls reach. */
function isReached({ hint, table }: Mutant, cases: Acting['cases'], { functions, tables }: Plan): boolean {
  if (hint === null || table !== null) return true
  return (
    cases.some(({ steps }) => steps.some(({ sql }) => sql.includes(`.${hint}(`))) ||
    functions.some(({ name, definition }) => name.name !== hint && definition.includes(`.${hint}(`)) ||
    tables.some(({ triggers }) => triggers.some(({ function: called }) => called.name === hint))
  )
}

async function hunt(session: Session, cases: Acting['cases'], mutant: Mutant, { plan, before }: Hunted): Promise<Catch | null> {
  await session.query('savepoint mutant')
  try {
    const refusal = await session.query(mutant.sql).then(() => null, refusalOf)
    if (refusal !== null) return { by: 'refusal', says: refusal }
    const telling = mutant.effect === 'restricting' ? 'done' : 'telling'
    const isAsked = (one: (typeof cases)[number]) => one.steps.some(({ sql }) => sql.includes(`.${mutant.hint}(`))
    const rank = (one: (typeof cases)[number]) => (isAsked(one) ? 0 : 2) + (one[telling] ? 0 : 1)
    // What a function that clients call does, only its own calls show; a helper may be behind any.
    const own = cases.filter(isAsked)
    const ordered = (own.length > 0 ? own : [...cases]).toSorted((left, right) => rank(left) - rank(right))
    for (const [index, [start, end]] of [[0, 24], [24, 120], [120, ordered.length]].entries()) {
      const wrong = (await act(session, ordered.slice(start, end))).find(isWrong)
      if (wrong) return { by: 'request', says: witnessOf(wrong.case) }
      // Cheaper than the calls that are left.
      const [fault] = index === 0 ? await catalogFaults(session, plan, { access: 'open', complete: true, before }) : []
      if (fault !== undefined) return { by: 'catalog', says: fault }
    }
    return null
  } finally {
    await session.query('rollback to savepoint mutant; release savepoint mutant')
  }
}
