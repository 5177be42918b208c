/** What statements lose without an index, as far as is known: never less than they really lose. */
import { type Choice, type Selection, type SelectionProblem, statementCost } from './problem.ts'

export interface Loss {
  /** The statement's place. */
  place: number
  cost: number
  /** How many times as much it then costs. */
  ratio: number
}

/** The largest first. */
export function lossesWithout({ statements }: SelectionProblem, chosen: Selection, choice: Choice): Loss[] {
  const without = new Set([...chosen].filter((other) => other !== choice))
  return statements.flatMap((statement, place) => {
    if (!statement.configurations.some(({ uses }) => uses.includes(choice))) return []
    const [now, then] = [statementCost(statement, chosen), statementCost(statement, without)]
    return then > now ? [{ place, cost: statement.weight * (then - now), ratio: then / now }] : []
  }).toSorted((a, b) => b.cost - a.cost || a.place - b.place)
}

/** The statement that becomes so many times dearer, more than any other; null where none does. */
export function lossWithout(problem: SelectionProblem, chosen: Selection, choice: Choice): { statement: string | null; ratio: number } {
  const [worst] = lossesWithout(problem, chosen, choice).toSorted((a, b) => b.ratio - a.ratio || a.place - b.place)
  return { statement: worst && worst.ratio > 1.0001 ? (problem.statements[worst.place]?.id ?? null) : null, ratio: worst?.ratio ?? 1 }
}

/** Of each index the statements that it seems to be chosen for: they are asked whether they need it. */
const mostDoubts = 2
/** As much of the loss has to be theirs. */
const worthAsking = 0.2

/** Choices to look away from, by the statement's place. Those of few tables are asked first: their plans are soon made. */
export function doubtsOf(problem: SelectionProblem, chosen: Selection, tablesOf: (place: number) => number): Map<number, Choice[]> {
  const found = new Map<number, Choice[]>()
  for (const choice of chosen) {
    const losses = lossesWithout(problem, chosen, choice)
    const worth = losses.filter(({ cost }) => cost >= (losses[0]?.cost ?? 0) * worthAsking).toSorted((a, b) => tablesOf(a.place) - tablesOf(b.place) || b.cost - a.cost)
    for (const { place } of worth.slice(0, tablesOf(worth[0]?.place ?? 0) > 6 ? 1 : mostDoubts)) found.set(place, [...(found.get(place) ?? []), choice])
  }
  return found
}
