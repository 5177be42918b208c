/** Few candidates: every choice of them is tried. */
import { type Choice, type Selection, type SelectionProblem, isAllowed, netCost } from './problem.ts'
import type { Preference } from './preference.ts'

export const fewCandidates = 10

/** The best of all; null when none is allowed. */
export function enumerate(problem: SelectionProblem, choices: readonly Choice[], preference: Preference): Selection | null {
  let best: { chosen: Selection; cost: number } | null = null
  for (let bits = 0; bits < 1 << choices.length; bits += 1) {
    const chosen = new Set(choices.filter((_choice, place) => bits & (1 << place)))
    if (!isAllowed(problem, chosen)) continue
    const cost = netCost(problem, chosen) + preference.of(chosen)
    if (!best || cost < best.cost - Math.abs(best.cost) * 1e-9) best = { chosen, cost }
  }
  return best?.chosen ?? null
}
