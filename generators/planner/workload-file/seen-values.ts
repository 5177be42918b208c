/** Constants of the statements stand among the values of their columns, or the planner would take every one of them for a stranger. */
import type { Spec } from '../../design/spec.ts'
import type { Scan } from '../candidates/scan.ts'
import { arrayElements } from '../../sql/array-literal.ts'
import { sameTable } from '../candidates/candidates.ts'
import type { ColumnScale, TableScale } from '../scale/table-scale.ts'

/** Columns of few values have names made up for them; those that are written down take their places. */
export function withSeenValues(tables: readonly TableScale[], scans: readonly Scan[], declared: Spec['existing']): TableScale[] {
  return tables.map((table) => {
    const skew = declared.find((one) => sameTable(one.table, table))?.scale.skew ?? {}
    const comparisons = scans.filter((scan) => sameTable(scan.table, table)).flatMap((scan) => scan.comparisons)
    const seen = (column: string) => new Set(comparisons.filter((one) => one.key.text === column && one.literal !== null && (one.kind === 'equal' || one.kind === 'list')).flatMap(({ literal }) => literalsIn(literal ?? '')))
    if (table.measured) return table
    return { ...table, columns: table.columns.map((column) => (column.mostCommon.length > 0 && (column.spread?.kind === 'text' || column.spread?.kind === 'number') && !(column.name in skew) ? renamed(column, seen(column.name)) : column)) }
  })
}

function renamed(column: ColumnScale, values: ReadonlySet<string>): ColumnScale {
  const known = new Set(column.mostCommon.map(({ value }) => value))
  const strangers = [...values].filter((value) => !known.has(value))
  return { ...column, mostCommon: column.mostCommon.map((one, place) => ({ ...one, value: strangers[place] ?? one.value })) }
}

/** `'a'` or `7` of a condition, and the elements of `'{a,"b c"}'`. */
function literalsIn(sql: string): string[] {
  const text = (/'((?:[^']|'')*)'/.exec(sql)?.[1] ?? /= (-?\d+)$/.exec(sql)?.[1])?.replaceAll("''", "'")
  if (text === undefined) return []
  if (!sql.includes('any (') || !text.startsWith('{')) return [text]
  return arrayElements(text)
}
