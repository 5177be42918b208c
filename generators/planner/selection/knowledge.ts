/** What is known of one statement's cost, so that the planner of the server is asked as little as possible. */
import type { Choice, Configuration } from './problem.ts'

/** The plan that a server makes when it sees only these candidates. */
export interface Observation {
  cost: number
  /** Those of the candidates that the plan reads. */
  uses: Choice[]
}

export type Observe = (visible: readonly Choice[]) => Promise<Observation>

export interface Knowledge {
  /** Candidates that may serve it, in order. */
  relevant: readonly Choice[]
  ask(visible: Iterable<Choice>): Promise<Observation>
  /** Candidates that some plan has read. */
  live(): Choice[]
  /** What was seen, the empty set first. */
  configurations(): Configuration[]
  asked(): number
}

/**
 * A plan that was made with more to see, and reads only what is still to be seen, is the plan of less as well (Schnaitter
 * et al., index benefit graph): it is not asked for again.
 */
export function knowledgeOf(relevant: readonly Choice[], observe: Observe): Knowledge {
  const place = new Map(relevant.map((choice, at) => [choice, 1n << BigInt(at)]))
  const maskOf = (choices: Iterable<Choice>) => {
    let mask = 0n
    for (const choice of choices) mask |= place.get(choice) ?? 0n
    return mask
  }
  const known = new Map<bigint, Observation & { reads: bigint }>()
  const best = new Map<bigint, Configuration>()
  let count = 0
  return {
    relevant,
    async ask(visible) {
      const mask = maskOf(visible)
      const found = known.get(mask) ?? derived(mask, known)
      if (found) return found
      count += 1
      const seen = await observe(relevant.filter((choice) => mask & (place.get(choice) ?? 0n)))
      const reads = maskOf(seen.uses)
      const observation = { ...seen, reads }
      known.set(mask, observation)
      if (seen.cost < (best.get(reads)?.cost ?? Infinity)) best.set(reads, { uses: seen.uses, cost: seen.cost })
      return observation
    },
    live: () => relevant.filter((choice) => [...best.keys()].some((reads) => reads & (place.get(choice) ?? 0n))),
    configurations: () => [...best.values()].toSorted((a, b) => a.uses.length - b.uses.length),
    asked: () => count,
  }
}

function derived<Known extends { reads: bigint }>(mask: bigint, known: ReadonlyMap<bigint, Known>): Known | undefined {
  for (const [seen, observation] of known) if ((mask & ~seen) === 0n && (observation.reads & ~mask) === 0n) return observation
  return undefined
}
