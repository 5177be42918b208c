/** What stands closest to each chosen index: the candidate that would do instead, and what that costs. */
import { type Choice, type Selection, type SelectionProblem, isAllowed, netCost } from './problem.ts'

export interface Alternative {
  choice: Choice
  /** Net cost with it in the place of the other ÷ net cost as chosen. */
  ratio: number
}

/** Null when nothing else was ever read in its stead. */
export function nearestAlternative(problem: SelectionProblem, chosen: Selection, choice: Choice): Alternative | null {
  const now = netCost(problem, chosen)
  const without = new Set([...chosen].filter((other) => other !== choice))
  const { table } = problem.candidates[choice] ?? {}
  const others = [...new Set(problem.statements.flatMap(({ configurations }) => configurations.flatMap(({ uses }) => uses)))].filter((other) => !chosen.has(other) && problem.candidates[other]?.table === table)
  const tried = others.map((other) => ({ choice: other, set: new Set([...without, other]) })).filter(({ set }) => isAllowed(problem, set)).map(({ choice: other, set }) => ({ choice: other, ratio: netCost(problem, set) / now }))
  return tried.toSorted((a, b) => a.ratio - b.ratio || a.choice - b.choice)[0] ?? null
}
