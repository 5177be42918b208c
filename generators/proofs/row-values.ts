/** Values of a multiplied row, as expressions over its number `g`: keys differ, foreign keys point at loaded parents, the rest repeats valid rows. */
import type { TableSpec } from '../design/spec.ts'
import { ident, qualified } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'
import type { Row } from './fixtures/fixtures.ts'
import type { ColumnShape, TableShape } from './fixtures/shapes.ts'

export interface RowSource {
  shape: TableShape
  templates: readonly Row[]
  /** Undefined for tables that the design does not make. */
  table: TableSpec | undefined
  /** Tables that are filled by now, `schema.table`. */
  parents: ReadonlySet<string>
}

/** Enough for an index to be cheaper than the whole table. */
export const rowsOfTable = 10_000
const fewestTenants = 10
const fewestGroups = 100

/** The value of one column. */
export function valueOf(column: ColumnShape, source: RowSource): string {
  const { shape, templates } = source
  if (isGrouping(column, source)) return groupValue(column, source)
  const isKey = shape.uniques.some((key) => key.includes(column.name) && uniqueColumn(key, source) === column.name)
  return (isKey ? countedValue(column, templates) : null) ?? templateValue(column, templates)
}

/** Many rows share a value: what the row belongs to. */
function isGrouping(column: ColumnShape, { shape, table }: RowSource): boolean {
  return column.name === table?.tenantColumn || column.name === table?.ownerColumn || shape.foreignKeys.some((key) => key.columns.includes(column.name))
}

function isGroupingName(name: string, source: RowSource): boolean {
  return source.shape.columns.some((column) => column.name === name && isGrouping(column, source))
}

/** The column that makes a key differ from row to row, when one can. */
function uniqueColumn(key: readonly string[], source: RowSource): string | undefined {
  const columns = key.flatMap((name) => source.shape.columns.filter((column) => column.name === name))
  return columns.find((column) => isCounted(column) && !isGrouping(column, source) && !isChoice(column, source))?.name
}

function groupValue(column: ColumnShape, source: RowSource): string {
  const { shape, parents } = source
  const key = shape.foreignKeys.find(({ columns, references }) => columns.includes(column.name) && parents.has(`${references.schema}.${references.name}`))
  const number = `(${groupNumber(column, source)})`
  if (key === undefined) return variedBy(number, column) ?? `null::${column.type}`
  const parent = ident(key.referenced[key.columns.indexOf(column.name)] ?? '')
  return `(array(select distinct ${parent} from ${qualified(key.references)} order by 1))[1 + ${number} % (select count(distinct ${parent})::int from ${qualified(key.references)})]`
}

/**
 * Groups lie within tenants: a tenant has the same ones again and again. Where a unique key has nothing but groups, the
 * second one moves on when the first has gone through all of its values.
 */
function groupNumber(column: ColumnShape, source: RowSource): string {
  const { shape, table } = source
  const bare = shape.uniques.filter((key) => key.includes(column.name) && uniqueColumn(key, source) === undefined)
  if (bare.some((key) => key.length === 1)) return 'g'
  for (const key of bare) {
    const free = key.filter((name) => name !== table?.tenantColumn && isGroupingName(name, source))
    if (free.length === 1 && free[0] === column.name) return `g % ${rowsOfTable / 4}`
    const before = free.slice(0, Math.max(0, free.indexOf(column.name))).map((name) => groupsOf(name, source))
    if (before.length > 0) return `(g / ${before.reduce((product, count) => product * count, 1)}) % ${groupsOf(column.name, source)}`
  }
  return `g % ${groupsOf(column.name, source)}`
}

/** As many rows share a value as the spec declares, within what a table of this size can show. */
function groupsOf(name: string, { table }: RowSource): number {
  const fewest = name === table?.tenantColumn ? fewestTenants : fewestGroups
  const distinct = table?.scale.distinct[name]
  if (!table || distinct === undefined || table.scale.rows <= 0) return fewest
  return Math.min(rowsOfTable, Math.max(fewest, Math.round((rowsOfTable * distinct) / table.scale.rows)))
}

/** Types that can be counted up. */
function isCounted({ shape, maxLength }: ColumnShape): boolean {
  return /^(uuid|integer|bigint|text|character varying|date|timestamp with(out)? time zone)$/.test(shape.name) && (maxLength ?? 99) > 12
}

/** One of a few allowed values: counting up would leave them. */
function isChoice(column: ColumnShape, { table }: RowSource): boolean {
  return table?.columns.some(({ name, oneOf }) => name === column.name && oneOf !== null) ?? false
}

function countedValue(column: ColumnShape, templates: readonly Row[]): string | null {
  if (/^(text|character varying)$/.test(column.shape.name)) return `(${templateCase(column, templates)} || g)::${column.type}`
  if (column.shape.name.startsWith('timestamp')) return `timestamptz '2025-01-01 00:00:00+00' + g * interval '1 minute'`
  return variedBy('g', column)
}

function variedBy(number: string, { shape, type }: ColumnShape): string | null {
  if (shape.name === 'uuid') return `md5((${number})::text)::uuid`
  if (/^(smallint|integer|bigint|numeric)$/.test(shape.name)) return `(1 + ${number})::${type}`
  if (/^(text|character varying)$/.test(shape.name)) return `('t' || ${number})::${type}`
  return shape.name === 'date' ? `date '2000-01-01' + (${number})::int` : null
}

/** The templates in turn. Times move on by a minute. */
function templateValue(column: ColumnShape, templates: readonly Row[]): string {
  const value = templateCase(column, templates)
  const isTime = column.shape.name.startsWith('timestamp') && column.default !== null
  return isTime ? `(${value}) - g * interval '1 minute'` : value
}

function templateCase(column: ColumnShape, templates: readonly Row[]): string {
  const values = templates.map((row) => row[column.name] ?? null).map((text) => (text === null ? `null::${column.type}` : `${literal(text)}::${column.type}`))
  if (new Set(values).size === 1) return values[0] ?? 'null'
  // Not in step with the groups: each of them gets rows of every kind.
  return `case (g / ${fewestTenants} + g / ${fewestGroups}) % ${values.length} ${values.map((value, index) => `when ${index} then ${value}`).join(' ')} end`
}
