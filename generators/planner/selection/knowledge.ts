/** What is known of one statement's cost, so that the planner of the server is asked as little as possible. */
import type { Choice, Configuration } from './problem.ts'

/** The plan that a server makes when it sees only these candidates. */
export interface Observation {
  cost: number
  /** Those of the candidates that the plan reads. */
  uses: Choice[]
}

/** A glance searches fewer orders of the joins: it says what may be of use, not what it costs. */
export type Observe = (visible: readonly Choice[], isGlance?: boolean) => Promise<Observation>

export interface Knowledge {
  /** Candidates that may serve it, in order: all of them, until `keepTo` leaves those out of further trials that no plan has read. */
  relevant(): readonly Choice[]
  keepTo(choices: ReadonlySet<Choice>): void
  ask(visible: Iterable<Choice>): Promise<Observation>
  glance(visible: readonly Choice[]): Promise<void>
  /** Candidates that some plan has read. */
  live(): Choice[]
  /** What was seen, the empty set first. */
  configurations(): Configuration[]
  /** The cheapest plan so far. */
  least(): number
  asked(): number
}

/**
 * A plan that was made with more to see, and reads only what is still to be seen, is the plan of less as well (Schnaitter
 * et al., index benefit graph): it is not asked for again.
 */
export function knowledgeOf(all: readonly Choice[], observe: Observe): Knowledge {
  const place = new Map(all.map((choice, at) => [choice, 1n << BigInt(at)]))
  const maskOf = (choices: Iterable<Choice>) => {
    let mask = 0n
    for (const choice of choices) mask |= place.get(choice) ?? 0n
    return mask
  }
  const known = new Map<bigint, Observation & { reads: bigint }>()
  const best = new Map<bigint, Configuration>()
  const live = new Set<Choice>()
  let relevant = all
  let count = 0
  return {
    relevant: () => relevant,
    keepTo: (choices) => {
      relevant = all.filter((choice) => live.has(choice) || choices.has(choice))
    },
    async glance(visible) {
      count += 1
      for (const choice of (await observe(visible, true)).uses) live.add(choice)
    },
    async ask(visible) {
      const mask = maskOf(visible)
      const found = known.get(mask) ?? derived(mask, known)
      if (found) return found
      count += 1
      const seen = await observe(all.filter((choice) => mask & (place.get(choice) ?? 0n)))
      const reads = maskOf(seen.uses)
      const observation = { ...seen, reads }
      known.set(mask, observation)
      for (const choice of seen.uses) live.add(choice)
      if (seen.cost < (best.get(reads)?.cost ?? Infinity)) best.set(reads, { uses: seen.uses, cost: seen.cost })
      return observation
    },
    live: () => all.filter((choice) => live.has(choice)),
    configurations: () => [...best.values()].toSorted((a, b) => a.uses.length - b.uses.length),
    least: () => Math.min(...[...best.values()].map(({ cost }) => cost)),
    asked: () => count,
  }
}

function derived<Known extends { reads: bigint }>(mask: bigint, known: ReadonlyMap<bigint, Known>): Known | undefined {
  for (const [seen, observation] of known) if ((mask & ~seen) === 0n && (observation.reads & ~mask) === 0n) return observation
  return undefined
}
