/** The names that chosen candidates get, and which of them a plan reads. */
import type { IndexCandidate } from '../../planner/candidates/candidate.ts'
import { type PlanNode, visitPlan } from '../../planner/candidates/plan-tree.ts'
import { indexName } from '../../planner/index-name.ts'
import type { IndexChoice } from './index-choice.ts'

export interface ChosenIndex {
  place: number
  candidate: IndexCandidate
  name: string
}

/** In the order of the candidates, which is the order in which they are made: of two plans alike the first index wins. */
export function chosenIndexes({ candidates, selection, catalog }: IndexChoice): ChosenIndex[] {
  const taken = new Set(catalog.tables.flatMap((table) => [table.name, ...table.indexes.map(({ name }) => name)]))
  return [...selection].toSorted((a, b) => a - b).flatMap((place) => {
    const candidate = candidates[place]?.candidate
    if (!candidate) return []
    const name = indexName(candidate, taken)
    taken.add(name)
    return [{ place, candidate, name }]
  })
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
