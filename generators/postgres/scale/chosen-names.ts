/** The names that chosen candidates get, and which of them a plan reads. */
import type { IndexCandidate } from '../../planner/candidates/candidate.ts'
import { type PlanNode, visitPlan } from '../../planner/candidates/plan-tree.ts'
import { indexNames, relationNames } from '../../planner/index-name.ts'
import type { IndexChoice } from './index-choice.ts'

export interface ChosenIndex {
  place: number
  candidate: IndexCandidate
  name: string
}

/** In the order of the candidates, which is the order in which they are made: of two plans alike the first index wins. */
export function chosenIndexes({ candidates, selection, catalog }: IndexChoice): ChosenIndex[] {
  const chosen = [...selection].toSorted((a, b) => a - b).flatMap((place) => (candidates[place] ? [{ place, candidate: candidates[place].candidate }] : []))
  const names = indexNames(chosen.map(({ candidate }) => candidate), (schema) => relationNames(catalog, schema))
  return chosen.map((one, at) => ({ ...one, name: names[at] ?? '' }))
}

/** Names of the indexes that a plan reads, in its order. */
export function indexesOfPlan(plan: PlanNode, chosen: readonly ChosenIndex[], { candidates }: Pick<IndexChoice, 'candidates'>): string[] {
  const found = new Set<string>()
  visitPlan(plan, ({ 'Index Name': index }) => {
    if (index === undefined) return
    const place = candidates.findIndex(({ names }) => names.includes(index))
    found.add(chosen.find((one) => one.place === place)?.name ?? index)
  })
  return [...found]
}
