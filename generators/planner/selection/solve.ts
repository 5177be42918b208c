/** The best choice of indexes: least reads and writes together, then fewest indexes, then fewest bytes. */
import { activeCandidates, componentsOf, restricted } from './components.ts'
import { enumerate, fewCandidates } from './enumerate.ts'
import { greedy } from './greedy.ts'
import { solveExactly } from './milp.ts'
import { type Preference, preferenceOf } from './preference.ts'
import { type Choice, type Selection, type SelectionProblem, isAllowed, netCost, statementCost } from './problem.ts'

/** So much slower the choice of fewer indexes may make a statement that somebody waits for. */
export const regret = 0.1

/** For the costs that are known so far. Deterministic. */
export async function solve(problem: SelectionProblem): Promise<Selection> {
  const preference = preferenceOf(problem)
  const chosen = new Set<Choice>()
  for (const component of componentsOf(problem, activeCandidates(problem))) {
    const part = restricted(problem, component)
    for (const choice of await solvePart(part, component, preference)) chosen.add(choice)
  }
  return fewer(problem, chosen)
}

async function solvePart(part: SelectionProblem, choices: readonly Choice[], preference: Preference): Promise<Selection> {
  const small = choices.length <= fewCandidates ? enumerate(part, choices, preference) : await solveExactly(part, choices, preference)
  return small && isAllowed(part, small) ? small : greedy(part, choices, preference)
}

/** Leaves out what is hardly missed, the least missed first. */
export function fewer(problem: SelectionProblem, best: Selection): Selection {
  const limit = netCost(problem, best) * (1 + problem.tolerance)
  const most = problem.statements.map((statement) => statementCost(statement, best) * (1 + regret))
  let chosen = new Set(best)
  for (;;) {
    const options = [...chosen].flatMap((choice) => {
      const without = new Set([...chosen].filter((other) => other !== choice))
      const cost = netCost(problem, without)
      const isFine = cost <= limit && isAllowed(problem, without) && problem.statements.every((statement, place) => !statement.isFelt || statementCost(statement, without) <= (most[place] ?? 0))
      return isFine ? [{ without, cost, bytes: problem.candidates[choice]?.bytes ?? 0 }] : []
    })
    const next = options.toSorted((a, b) => a.cost - b.cost || b.bytes - a.bytes)[0]
    if (!next) return chosen
    chosen = next.without
  }
}
