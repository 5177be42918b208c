/** Which requests told earlier faults of a kind from the design: of the next fault they are asked first. */
import type { Mutant } from './mutant.ts'

export interface Experience {
  /** How many faults of the mutant's kind were told by a request of this name. */
  of(mutant: Mutant, name: string): number
  told(mutant: Mutant, name: string): void
}

/** Nothing but what was told decides, so that the same faults in the same order are asked the same. */
export function createExperience(): Experience {
  const kinds = new Map<string, Map<string, number>>()
  return {
    of: (mutant, name) => kinds.get(kindOf(mutant))?.get(name) ?? 0,
    told(mutant, name) {
      const kind = kindOf(mutant)
      const known = kinds.get(kind) ?? new Map<string, number>()
      kinds.set(kind, known.set(name, (known.get(name) ?? 0) + 1))
    },
  }
}

/** What the hint names is one column or function of many. */
function kindOf({ verbs, effect, hint }: Mutant): string {
  return `${verbs.join()} ${effect} ${hint === null ? '' : 'hinted'}`
}

/** The same at every table: `editor update by id 2`. */
export function namesOf<Asked extends object>(list: readonly Asked[], nameOf: (one: Asked) => string): Map<Asked, string> {
  const counts = new Map<string, number>()
  return new Map(list.map((one) => {
    const name = nameOf(one)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return [one, `${name} ${count}`]
  }))
}

/** A few, and then ever more: most faults show at once. There are always two, so that there is a place behind the second. */
export function batches<Asked>(list: readonly Asked[], first: number): Asked[][] {
  const found: Asked[][] = []
  for (let [start, size] = [0, first]; start < list.length || found.length < 2; [start, size] = [start + size, size * 3]) found.push(list.slice(start, start + size))
  return found
}
