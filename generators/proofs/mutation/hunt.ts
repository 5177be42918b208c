/** Asks a mutated database until an answer is not the spec's. */
import type { Session } from '../../postgres/session.ts'
import { witness } from '../access/identity.ts'
import type { Probe } from '../access/probe.ts'
import { type SeededTable, type Stage, disagrees, send } from '../access/prove-tables.ts'
import { refusalOf } from '../proof-error.ts'
import { catalogCatch } from './catalog-catch.ts'
import { type Experience, batches, createExperience, namesOf } from './experience.ts'
import type { Catch, Mutant } from './mutant.ts'

export const stage: Stage = { access: 'open', probes: 'all' }

const early = new Set(['all rows', 'blind', 'plain', 'where', 'truncate', 'blind, refused'])
/** So many requests, and three times as many before the catalog is asked. */
const atFirst = 8

/** Most mutants show in the first requests. Null when nothing noticed. The mutant is gone afterwards. */
export async function hunt(session: Session, { context, probes }: SeededTable, mutant: Mutant, before: readonly string[], experience: Experience = createExperience()): Promise<Catch | null> {
  const { subject } = context
  const wrongOf = async (asked: readonly Probe[]) => (await send(session, subject, asked, stage)).find(({ judgements }) => judgements.some(disagrees))?.probe
  await session.query('savepoint mutant')
  try {
    const refusal = await session.query(mutant.sql).then(() => null, refusalOf)
    if (refusal !== null) return { by: 'refusal', says: refusal }
    const ofCatalog = () => catalogCatch(session, subject.plan, mutant, before)
    const atOnce = mutant.verbs.length === 0 ? await ofCatalog() : null
    if (atOnce) return atOnce
    const names = known(probes)
    for (const [place, batch] of batches(ordered(probes, mutant, names, experience), atFirst).entries()) {
      const wrong = await wrongOf(batch)
      if (wrong) {
        experience.told(mutant, names.get(wrong) ?? '')
        return caughtBy(wrong)
      }
      // Cheaper than the requests that are left.
      const excess = place === 1 ? await ofCatalog() : null
      if (excess) return excess
    }
    // What is left is asked row by row before it counts as unnoticed.
    const everyRow = new Set(subject.rows.map(({ id }) => id))
    const wrong = await wrongOf(probes.flatMap((probe) => probe.refine?.(everyRow) ?? []))
    return wrong ? caughtBy(wrong) : null
  } finally {
    await session.query('rollback to savepoint mutant; release savepoint mutant')
  }
}

function caughtBy({ identity, sql, setup }: Probe): Catch {
  return { by: 'request', says: witness(identity, sql, setup) }
}

/** Those that are likely to tell it first. */
function ordered(probes: readonly Probe[], mutant: Mutant, names: ReadonlyMap<Probe, string>, experience: Experience): Probe[] {
  const placed = probes.map((probe) => {
    const told = experience.of(mutant, names.get(probe) ?? '')
    return { probe, told, rank: rank(probe, mutant, told) }
  })
  return placed.toSorted((left, right) => left.rank - right.rank || right.told - left.told).map(({ probe }) => probe)
}

function rank({ verb, shape }: Probe, { verbs, hint }: Mutant, told: number): number {
  if (hint !== null && shape.startsWith(hint)) return -2
  if (told > 0) return -1
  return (verbs.includes(verb) ? 0 : 2) + (early.has(shape) ? 0 : 1)
}

const named = new WeakMap<readonly Probe[], Map<Probe, string>>()

function known(probes: readonly Probe[]): Map<Probe, string> {
  const names = named.get(probes) ?? namesOf(probes, ({ identity, verb, shape }) => `${identity.id} ${verb} ${shape}`)
  named.set(probes, names)
  return names
}
