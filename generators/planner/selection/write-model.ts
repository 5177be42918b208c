/** What each candidate costs the writes of its table, from the declared rates. */
import type { InsertFigures } from '../../design/insert-figures.ts'
import type { IndexPlan } from '../../design/plan.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import { parseExpression } from '../../sql/expression.ts'
import { type IndexCandidate } from '../candidates/candidate.ts'
import { sameTable } from '../candidates/candidates.ts'
import { insertCost, shippedFigures } from '../insert-cost.ts'
import { assumedShares, predicateShare } from '../predicate-share.ts'
import { type TableScale, scaleOfColumn } from '../scale/table-scale.ts'
import type { SelectionUpdate } from './problem.ts'

export interface TableWrites extends QualifiedName {
  insertsPerSecond: number
  deletesPerSecond: number
  updates: { columns: string[]; perSecond: number }[]
}

/** An index that is there anyway. */
export type FixedIndex = Pick<IndexPlan, 'table' | 'method' | 'keys' | 'include' | 'where'>

/** Microseconds that one entry takes. */
export function entryCost(index: FixedIndex, scale: TableScale | undefined, figures: InsertFigures = shippedFigures): number {
  const types = [...index.keys.map(({ column }) => column), ...index.include].map((name) => (scale ? scaleOfColumn(scale, name)?.type : undefined) ?? 'text')
  const share = scale ? predicateShare(index.where, assumedShares(scale)).share : 1
  return insertCost(index, types, share, figures).microseconds
}

export function writeCostOf(candidate: IndexCandidate, writes: readonly TableWrites[], scale: TableScale | undefined, figures?: InsertFigures): number {
  const own = writes.find((one) => sameTable(one, candidate.table))
  return own ? (own.insertsPerSecond + own.deletesPerSecond) * entryCost(candidate, scale, figures) : 0
}

/** One for each kind of update: it stays on its page (HOT) until an index holds a column that it changes. */
export function updatesOf(candidates: readonly IndexCandidate[], fixed: readonly FixedIndex[], writes: readonly TableWrites[], scales: readonly TableScale[], figures?: InsertFigures): SelectionUpdate[] {
  return writes.flatMap((table) => {
    const scale = scales.find((one) => sameTable(one, table))
    const own = candidates.flatMap((candidate, choice) => (sameTable(candidate.table, table) ? [{ candidate, choice }] : []))
    const there = fixed.filter((index) => sameTable(index.table, table))
    return table.updates.filter(({ perSecond }) => perSecond > 0).map(({ columns, perSecond }): SelectionUpdate => ({
      isLost: there.some((index) => holds(index, columns)),
      breaks: own.filter(({ candidate }) => holds(candidate, columns)).map(({ choice }) => choice),
      fixedCost: perSecond * there.reduce((sum, index) => sum + entryCost(index, scale, figures), 0),
      costs: own.map(({ candidate, choice }) => ({ choice, cost: perSecond * entryCost(candidate, scale, figures) })),
    }))
  })
}

/** BRIN does not stand in the way of HOT, from 16 on. */
function holds({ method, keys, include, where }: FixedIndex, columns: readonly string[]): boolean {
  if (method === 'brin') return false
  const read = [...keys.flatMap(({ column, expression }) => (expression ? columnsIn(column) : [column])), ...include, ...(where === null ? [] : columnsIn(where))]
  return read.some((column) => columns.includes(column))
}

function columnsIn(sql: string): string[] {
  return parseExpression(sql).columns.map((path) => path.at(-1) ?? '')
}
