/** What is known of a column at a number of rows, from the spec where it says so and by assumption where it does not. */
import type { ScaleSpec } from '../../design/scale-spec.ts'
import { type WidthFacts, columnBytes } from './column-width.ts'
import { type Spread, spreadOf, valueAt } from './spread.ts'
import type { ColumnScale } from './table-scale.ts'

/** What the schema says of a column. */
export interface ColumnFacts extends WidthFacts {
  nullable: boolean
  /** A key by itself. */
  unique: boolean
  /** Numbered by the server, or stamped when the row is made. */
  inOrder: boolean
  /** Set only where a row is marked as deleted. */
  marksDeleted: boolean
  /** Rows of the table that it references, now and at launch. */
  parent: { rows: number; launch: number } | null
}

export interface ScaleContext {
  scale: ScaleSpec
  rows: number
  launchRows: number
  /** Age of the oldest row. */
  days: number
  /** Bytes for each column of unknown length. */
  share: number
  /** Texts that queries name. */
  spoken: readonly string[]
  assume: (column: string, says: string) => void
}

/** Postgres keeps as many values and bounds of a histogram by default (`default_statistics_target`). */
const target = 100
const someNumbers = 1000

export function columnScale(column: ColumnFacts, context: ScaleContext): ColumnScale {
  const { scale, rows, days, share } = context
  const nullShare = nullShareOf(column, context)
  const live = 1 - nullShare
  const distinct = Math.max(1, Math.min(rows * live, distinctOf(column, context)))
  const spread = column.values ? null : spreadOf(column.type, { high: column.parent && !column.unique ? column.parent.rows : distinct, days, range: scale.ranges[column.name] ?? null })
  const mostCommon = holdsElements(column.type) ? [] : mostCommonOf(column, scale.skew[column.name] ?? {}, live, distinct, spread)
  return {
    name: column.name,
    type: column.type,
    nullShare,
    width: columnBytes(column, scale, share),
    distinct,
    mostCommon,
    spread,
    correlation: correlationOf(column, context, { mostCommon, distinct, live, hasOrder: spread !== null || column.values !== null }),
    elements: scale.elements[column.name] ?? 2,
    heldElements: holdsElements(column.type) ? heldElements(column, context, live) : null,
    measured: null,
  }
}

/**
 * Elements that are not named share what is left of them. Of more than a thousand ANALYZE keeps the commonest only, and the
 * planner halves the share of the others.
 */
function heldElements({ name, type }: ColumnFacts, { scale, spoken }: ScaleContext, live: number): ColumnScale['heldElements'] {
  const named = Object.entries(scale.skew[name] ?? {}).map(([value, share]) => ({ value, share }))
  const distinct = scale.distinct[name]
  if (distinct === undefined && named.length === 0) return null
  const left = Math.max(0, (scale.elements[name] ?? 2) * live - sum(named.map(({ share }) => share)))
  const others = Math.max(1, (distinct ?? named.length + someNumbers) - named.length)
  const share = Math.min(live, left / others)
  // The planner takes what it does not find in its list for rare.
  const isFound = share > 0.005 && (type === 'tsvector' || /^(text|character varying|varchar)(\(\d+\))?\[\]$/.test(type))
  const found = isFound ? spoken.filter((value) => value.length < 100 && named.every((one) => one.value !== value)).map((value) => ({ value, share })) : []
  return { common: [...named, ...found], others: Math.max(1, others - found.length), share }
}

/** What is said of its values is said of their elements. */
function holdsElements(type: string): boolean {
  return type.endsWith('[]') || type === 'tsvector'
}

function nullShareOf(column: ColumnFacts, { scale, assume }: ScaleContext): number {
  const declared = scale.nulls[column.name]
  if (declared !== undefined) return declared
  if (!column.nullable) return 0
  if (column.marksDeleted) {
    assume(column.name, 'no row is marked as deleted')
    return 1
  }
  assume(column.name, '10 % of the rows are null')
  return 0.1
}

function distinctOf(column: ColumnFacts, { scale, rows, launchRows, days, assume }: ScaleContext): number {
  const declared = holdsElements(column.type) ? undefined : scale.distinct[column.name]
  if (column.unique) return rows
  // A reference has as many more values as its parent has more rows; what is nearly one for each row grows with the table.
  if (declared !== undefined && column.parent) return declared * (column.parent.rows / Math.max(1, column.parent.launch))
  if (declared !== undefined) return declared > launchRows / 10 ? (declared / Math.max(1, launchRows)) * rows : declared
  if (column.values) return column.values.length
  if (column.parent) {
    assume(column.name, 'every row of the table that it references is referenced')
    return column.parent.rows
  }
  if (holdsElements(column.type)) return rows
  const skewed = Object.keys(scale.skew[column.name] ?? {}).length
  if (skewed > 0) return skewed + (sum(Object.values(scale.skew[column.name] ?? {})) > 0.999 ? 0 : target)
  if (column.type === 'date') return Math.max(1, days)
  if (/^(smallint|int|real|numeric|decimal|double|float)/.test(column.type)) {
    assume(column.name, `${someNumbers} different values`)
    return someNumbers
  }
  if (!column.type.startsWith('timestamp') && !holdsElements(column.type)) assume(column.name, 'every row has another value')
  return rows
}

/** Those that the spec names; else all of them when they are few, in equal shares. */
function mostCommonOf({ values }: ColumnFacts, skew: Record<string, number>, live: number, distinct: number, spread: Spread | null): ColumnScale['mostCommon'] {
  const named = Object.entries(skew).map(([value, share]) => ({ value, share }))
  const left = Math.max(0, live - sum(named.map(({ share }) => share)))
  const others = (values ?? []).filter((value) => !(value in skew))
  const all = [...named, ...others.map((value) => ({ value, share: left / others.length }))].filter(({ share }) => share > 0)
  if (all.length > 0) return all.toSorted((a, b) => b.share - a.share).slice(0, target)
  const few = Math.round(distinct)
  if (spread === null || few > target || live === 0) return []
  return Array.from({ length: few }, (_value, place) => ({ value: valueAt(spread, few === 1 ? 0 : place / (few - 1)), share: live / few }))
}

interface ValueFacts extends Pick<ColumnScale, 'mostCommon' | 'distinct'> {
  live: number
  hasOrder: boolean
}

/**
 * Values in no order at all are not 0: ANALYZE sorts equal values by the place of their rows, and so finds the sum of the
 * squared shares.
 */
function correlationOf(column: ColumnFacts, { scale, assume }: ScaleContext, { mostCommon, distinct, live, hasOrder }: ValueFacts): number | null {
  const declared = scale.correlation[column.name]
  if (declared !== undefined) return declared
  if (!hasOrder) return null
  if (column.inOrder) {
    assume(column.name, 'rows lie in its order')
    return 1
  }
  if (live <= 0) return null
  // Nulls have no place.
  const shares = mostCommon.map(({ share }) => share / live)
  const rest = distinct > shares.length ? Math.max(0, 1 - sum(shares)) ** 2 / (distinct - shares.length) : 0
  return Math.min(1, sum(shares.map((share) => share ** 2)) + rest)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
