/** Asks a mutated database until an answer is not the spec's. */
import type { Session } from '../../postgres/session.ts'
import { witness } from '../access/identity.ts'
import { catalogFaults } from '../access/catalog-faults.ts'
import { jobExcess } from '../access/job-excess.ts'
import type { Probe } from '../access/probe.ts'
import { type SeededTable, type Stage, disagrees, send } from '../access/prove-tables.ts'
import { refusalOf } from '../proof-error.ts'
import type { Mutant } from './mutant.ts'

export const stage: Stage = { access: 'open', probes: 'all' }

export type Catch =
  | { by: 'request' | 'catalog'; says: string }
  /** The statement that would make the mutant is refused. */
  | { by: 'refusal'; says: string }

const early = new Set(['all rows', 'blind', 'plain', 'where', 'truncate', 'blind, refused'])
/** Most mutants show in the first requests. Null when nothing noticed. The mutant is gone afterwards. */
export async function hunt(session: Session, { context, probes }: SeededTable, mutant: Mutant, before: readonly string[]): Promise<Catch | null> {
  await session.query('savepoint mutant')
  try {
    const refusal = await session.query(mutant.sql).then(() => null, refusalOf)
    if (refusal !== null) return { by: 'refusal', says: refusal }
    const ofCatalog = async (): Promise<Catch | null> => {
      const { of, plan } = context.subject
      const [fault] = of ? await jobExcess(session, plan) : await catalogFaults(session, plan, { access: 'open', complete: true, before })
      return fault === undefined ? null : { by: 'catalog', says: fault }
    }
    const atOnce = mutant.verbs.length === 0 ? await ofCatalog() : null
    if (atOnce) return atOnce
    const ordered = probes.toSorted((left, right) => rank(left, mutant) - rank(right, mutant))
    for (const [index, [start, end]] of [[0, 12], [12, 48], [48, ordered.length]].entries()) {
      const answers = await send(session, context.subject, ordered.slice(start, end), stage)
      const caught = answers.find(({ judgements }) => judgements.some(disagrees))
      if (caught) return { by: 'request', says: witness(caught.probe.identity, caught.probe.sql, caught.probe.setup) }
      // Cheaper than the requests that are left.
      const excess = index === 1 ? await ofCatalog() : null
      if (excess) return excess
    }
    // What is left is asked row by row before it counts as unnoticed.
    const everyRow = new Set(context.subject.rows.map(({ id }) => id))
    const answers = await send(session, context.subject, probes.flatMap((probe) => probe.refine?.(everyRow) ?? []), stage)
    const caught = answers.find(({ judgements }) => judgements.some(disagrees))
    return caught ? { by: 'request', says: witness(caught.probe.identity, caught.probe.sql, caught.probe.setup) } : null
  } finally {
    await session.query('rollback to savepoint mutant; release savepoint mutant')
  }
}

function rank({ verb, shape }: Probe, { verbs, hint }: Mutant): number {
  if (hint !== null && shape.startsWith(hint)) return -1
  return (verbs.includes(verb) ? 0 : 2) + (early.has(shape) ? 0 : 1)
}
