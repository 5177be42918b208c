/** Of choices that cost nearly the same: the one of fewer indexes, then of fewer bytes, then of earlier ones. */
import { type Choice, type Selection, type SelectionProblem, bytesOf, writesOf } from './problem.ts'

/** A share of what the workload costs at best, for each index. */
const shareOfIndex = 1e-4

export interface Preference {
  of(chosen: Selection): number
  ofChoice(choice: Choice): number
}

export function preferenceOf(problem: SelectionProblem): Preference {
  const least = usualCost(problem) + writesOf(problem, new Set())
  const everything = Math.max(1, bytesOf(problem, new Set(problem.candidates.keys())))
  const ofChoice = (choice: Choice) => {
    const share = (problem.candidates[choice]?.bytes ?? 0) / everything
    return least * (shareOfIndex * (1 + share + (0.001 * choice) / Math.max(1, problem.candidates.length)) + problem.priceOfRoom * ((problem.candidates[choice]?.bytes ?? 0) / Math.max(1, problem.heapBytes)))
  }
  return { ofChoice, of: (chosen) => [...chosen].reduce((sum, choice) => sum + ofChoice(choice), 0) }
}

/** At best, with one that costs far more than all others counted like them: it says nothing of what an index may cost. */
function usualCost({ statements }: SelectionProblem): number {
  const costs = statements.map(({ weight, configurations }) => weight * Math.min(...configurations.map(({ cost }) => cost))).filter((cost) => cost > 0).toSorted((a, b) => a - b)
  const total = costs.reduce((sum, cost) => sum + cost, 0)
  return Math.min(total, costs.length * (costs[Math.floor(costs.length / 2)] ?? 0))
}
