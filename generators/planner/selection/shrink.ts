/** Less room for nearly the same cost. */
import { type Selection, type SelectionProblem, bytesOf, netCost, statementCost } from './problem.ts'
import { solve } from './solve.ts'

/** What indexes as large as the tables have to save, as in `SelectionProblem`, step by step. */
const prices = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4]
/** A statement that somebody waits for may become so many times as slow, unless it stays quick. */
const mostSlower = 1.5
/** Units of the planner: some milliseconds. */
const quick = 1000

/** The smallest choice that costs no more than this share above the given one; rooms are made dearer until it does. */
export async function shrink(problem: SelectionProblem, best: Selection, slack: number): Promise<Selection> {
  if (slack === 0) return best
  const limit = netCost(problem, best) * (1 + slack)
  const isFine = (chosen: Selection) => netCost(problem, chosen) <= limit && problem.statements.every((statement) => {
    const cost = statementCost(statement, chosen)
    return !statement.isFelt || cost <= quick || cost <= statementCost(statement, best) * mostSlower
  })
  let smallest = best
  for (const priceOfRoom of prices) {
    const chosen = await solve({ ...problem, priceOfRoom })
    if (netCost(problem, chosen) > limit) return smallest
    if (isFine(chosen) && bytesOf(problem, chosen) < bytesOf(problem, smallest)) smallest = chosen
  }
  return smallest
}
