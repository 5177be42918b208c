/** Faults of functions that the calls of members notice, before the tables are asked. */
import type { Session } from '../../postgres/session.ts'
import { type Acting, act, isWrong, witnessOf } from '../access/acting/acting.ts'
import { refusalOf } from '../proof-error.ts'
import type { Catch } from './hunt.ts'
import type { Mutant } from './mutant.ts'

/** Those that nobody noticed; the others are told to `settled`. The session is the one that seeded the calls. */
export async function huntActing(session: Session, { cases }: Acting, mutants: readonly Mutant[], settled: (mutant: Mutant, caught: Catch) => void): Promise<Mutant[]> {
  const left: Mutant[] = []
  for (const mutant of mutants) {
    const caught = mutant.equivalent === null ? await hunt(session, cases, mutant) : null
    if (caught) settled(mutant, caught)
    else left.push(mutant)
  }
  return left
}

async function hunt(session: Session, cases: Acting['cases'], mutant: Mutant): Promise<Catch | null> {
  await session.query('savepoint mutant')
  try {
    const refusal = await session.query(mutant.sql).then(() => null, refusalOf)
    if (refusal !== null) return { by: 'refusal', says: refusal }
    const telling = mutant.effect === 'restricting' ? 'done' : 'telling'
    const rank = (one: (typeof cases)[number]) => (one.steps.some(({ sql }) => sql.includes(`.${mutant.hint}(`)) ? 0 : 2) + (one[telling] ? 0 : 1)
    const ordered = cases.toSorted((left, right) => rank(left) - rank(right))
    for (const [start, end] of [[0, 24], [24, 120], [120, ordered.length]]) {
      const wrong = (await act(session, ordered.slice(start, end))).find(isWrong)
      if (wrong) return { by: 'request', says: witnessOf(wrong.case) }
    }
    return null
  } finally {
    await session.query('rollback to savepoint mutant; release savepoint mutant')
  }
}
