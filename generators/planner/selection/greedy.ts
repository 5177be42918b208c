/** One index after the other, then exchanges: for what the exact solver cannot be had. */
import { type Choice, type Selection, type SelectionProblem, bytesOf, isAllowed, netCost } from './problem.ts'
import type { Preference } from './preference.ts'

/** By gain, and by gain for each byte; the better of both, after exchanges. */
export function greedy(problem: SelectionProblem, choices: readonly Choice[], preference: Preference): Selection {
  const worth = (chosen: Selection) => netCost(problem, chosen) + preference.of(chosen)
  const starts = [1, 0].map((power) => exchange(grow(problem, choices, worth, power), problem, choices, worth))
  return starts.toSorted((a, b) => worth(a) - worth(b))[0] ?? new Set()
}

type Worth = (chosen: Selection) => number

function grow(problem: SelectionProblem, choices: readonly Choice[], worth: Worth, power: number): Selection {
  let chosen = new Set<Choice>()
  for (const list of problem.required) if (!list.some((choice) => chosen.has(choice))) chosen = smallest(list.map((choice) => new Set([...chosen, choice])), worth) ?? chosen
  for (;;) {
    const now = worth(chosen)
    const steps = choices.filter((choice) => !chosen.has(choice)).flatMap((choice) => {
      const next = new Set([...chosen, choice])
      const gain = now - worth(next)
      return gain > 0 && isAllowed({ ...problem, required: [] }, next) ? [{ next, rate: gain / Math.max(1, bytesOf(problem, new Set([choice]))) ** power }] : []
    })
    const best = steps.toSorted((a, b) => b.rate - a.rate)[0]
    if (!best) return chosen
    chosen = best.next
  }
}

/** Leaves one out, takes one in, or one for another, as long as that is better. */
function exchange(start: Selection, problem: SelectionProblem, choices: readonly Choice[], worth: Worth): Selection {
  let chosen = start
  for (;;) {
    const without = (choice: Choice) => new Set([...chosen].filter((other) => other !== choice))
    const others = choices.filter((choice) => !chosen.has(choice))
    const moves = [...[...chosen].map(without), ...others.map((choice) => new Set([...chosen, choice])), ...[...chosen].flatMap((out) => others.map((into) => new Set([...without(out), into])))]
    const better = smallest(moves.filter((next) => isAllowed(problem, next)), worth)
    if (!better || worth(better) >= worth(chosen) * (1 - 1e-9)) return chosen
    chosen = better
  }
}

function smallest<Chosen extends Selection>(all: readonly Chosen[], worth: Worth): Chosen | null {
  let best: { chosen: Chosen; cost: number } | null = null
  for (const chosen of all) {
    const cost = worth(chosen)
    if (!best || cost < best.cost) best = { chosen, cost }
  }
  return best?.chosen ?? null
}
