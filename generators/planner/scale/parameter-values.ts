/** Values to plan a query for: one as most callers send it, and the one that finds the most rows. */
import type { QueryPlan } from '../../design/plan.ts'
import { valueAt } from './spread.ts'
import { type ColumnScale, type TableScale, scaleOfColumn } from './table-scale.ts'

type Kind = 'typical' | 'hottest'
type Parameter = QueryPlan['parameters'][number]

/** Null where nothing is known of a parameter, or where there is no hottest value. */
export function parameterValues(query: QueryPlan, tables: readonly TableScale[], kind: Kind): string[] | null {
  const table = tables.find((one) => one.schema === query.query.table?.schema && one.name === query.query.table.name)
  if (!table) return null
  const columns = query.parameters.map(({ column }) => scaleOfColumn(table, column))
  if (kind === 'hottest' && !query.parameters.some((parameter, place) => isHot(parameter, columns[place], table))) return null
  const values = query.parameters.map((parameter, place) => valueOf(parameter, columns[place], { kind, query }))
  return values.every((value) => value !== null) ? values : null
}

/** A share that is well above that of the other values. */
function isHot({ role }: Parameter, column: ColumnScale | undefined, _table: TableScale): boolean {
  const [first] = column?.mostCommon ?? []
  return (role === 'equal' || role === 'list') && column !== undefined && first !== undefined && first.share > (2 * (1 - column.nullShare)) / column.distinct
}

function valueOf(parameter: Parameter, column: ColumnScale | undefined, { kind, query }: { kind: Kind; query: QueryPlan }): string | null {
  if (parameter.role === 'offset') return String(query.query.page.kind === 'offset' ? query.query.page.deepest : 0)
  if (!column) return null
  if (parameter.role === 'equal') return equalValue(column, kind)
  if (parameter.role === 'list') return `{${[0.25, 0.5, 0.75].map((place) => (column.spread ? valueAt(column.spread, place) : equalValue(column, kind))).map((value) => JSON.stringify(value ?? '')).join(',')}}`
  // A page in the middle; rows of the last percent, as "since" asks for them.
  if (parameter.role === 'cursor') return column.spread ? valueAt(column.spread, 0.5) : equalValue(column, 'typical')
  if (parameter.role === 'range') return column.spread ? valueAt(column.spread, upwards(column.name, query) ? 0.99 : 0.5) : null
  return null
}

function equalValue(column: ColumnScale, kind: Kind): string | null {
  const hottest = column.mostCommon[0]
  const isAllNamed = column.mostCommon.length >= Math.round(column.distinct)
  if (hottest && (kind === 'hottest' || isAllNamed || column.spread === null)) return kind === 'hottest' ? hottest.value : (column.mostCommon[Math.floor(column.mostCommon.length / 2)]?.value ?? null)
  return column.spread === null ? null : valueAt(column.spread, 0.5)
}

/** `created_at >` and `between` look at the newest rows. */
function upwards(column: string, { query }: QueryPlan): boolean {
  return query.where.some((condition) => 'column' in condition && condition.column === column && ['>', '>=', 'between'].includes(condition.operator))
}
