/** Updates that can stay on their page (HOT): none of their columns is in an index. */
import type { Plan, TablePlan } from '../design/plan.ts'
import { type TableIndex, tableIndexes } from './table-indexes.ts'

/** Indexes that hold what the update changes, and thereby have every index of the table written. BRIN does not. */
export function indexesInTheWay(planned: TablePlan, plan: Plan, columns: readonly string[]): TableIndex[] {
  const set = [...columns, ...keptByTrigger(planned)]
  return tableIndexes(plan, planned).filter((index) => index.method !== 'brin' && [...index.columns, ...index.include, ...predicateColumns(index, planned)].some((column) => set.includes(column)))
}

/** Columns that an update changes whatever it names. */
export function keptByTrigger({ columns }: TablePlan): string[] {
  return columns.filter(({ name, origin }) => (origin === 'timestamp' || origin === 'audit') && name.startsWith('updated')).map(({ name }) => name)
}

/** A column that only the predicate names prevents HOT as well. */
function predicateColumns(index: TableIndex, planned: TablePlan): string[] {
  const words = new Set(index.where?.match(/[a-z_][a-z0-9_]*/gi) ?? [])
  return planned.columns.map((column) => column.name).filter((column) => words.has(column))
}
