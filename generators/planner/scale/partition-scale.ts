/** Partitions of a table: how its rows are spread over them. */
import type { QualifiedName } from '../../sql/identifier.ts'
import { type PartitionBound, parsePartitionBound } from '../../sql/partition-bound.ts'
import { placeIn, valueBetween } from './spread-place.ts'
import type { Spread } from './spread.ts'
import { type ColumnScale, type TableScale, scaleOfColumn } from './table-scale.ts'

export interface Partition extends QualifiedName {
  /** Column of the key; null for an expression. */
  key: string | null
  /** As `pg_get_expr` prints it. */
  bound: string
}

/** Where nothing tells them apart, all are as large as each other. Those that lie beyond the values are empty. */
export function partitionScales(parent: TableScale, partitions: readonly Partition[]): TableScale[] {
  const bounds = partitions.map(({ bound }) => parsePartitionBound(bound))
  const keys = partitions.map(({ key }) => scaleOfColumn(parent, key))
  const shares = sharesOf(bounds, keys)
  return partitions.map(({ schema, name, key }, place) => {
    const share = shares[place] ?? 0
    const rows = parent.rows * share
    const bound = bounds[place] ?? { kind: 'default' }
    return { ...parent, schema, name, rows, measured: null, columns: parent.columns.map((column) => inPartition(column, { share, parentRows: parent.rows, rows, bound: column.name === key ? bound : null })) }
  })
}

function sharesOf(bounds: readonly PartitionBound[], keys: readonly (ColumnScale | undefined)[]): number[] {
  const known = bounds.map((bound, place) => shareOf(bound, keys[place]))
  const named = known.reduce((sum: number, share) => sum + (share ?? 0), 0)
  const open = known.filter((share) => share === null).length
  // A default partition takes what the others leave.
  const rest = open > 0 ? Math.max(0, 1 - named) / open : 0
  const shares = known.map((share) => share ?? rest)
  const total = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => (total > 0 ? share / total : 1 / shares.length))
}

/** Null: as much as is left. */
function shareOf(bound: PartitionBound, key: ColumnScale | undefined): number | null {
  if (bound.kind === 'hash') return 1 / bound.modulus
  if (bound.kind === 'list') return key ? bound.values.reduce((sum, value) => sum + shareOfValue(value, key), 0) : null
  if (bound.kind === 'default' || !key?.spread) return null
  const [from, to] = ends(bound, key.spread)
  return from === null || to === null ? null : Math.max(0, to - from)
}

function shareOfValue(value: string | null, { mostCommon, nullShare, distinct }: ColumnScale): number {
  if (value === null) return nullShare
  const named = mostCommon.reduce((sum, { share }) => sum + share, 0)
  return mostCommon.find((one) => one.value === value)?.share ?? Math.max(0, 1 - nullShare - named) / Math.max(1, distinct - mostCommon.length)
}

/** Places between 0 and 1; null where values of that kind have none. */
function ends({ from, to }: { from: string | null; to: string | null }, spread: Spread): [number | null, number | null] {
  return [from === null ? 0 : placeIn(spread, from), to === null ? 1 : placeIn(spread, to)]
}

interface Part {
  share: number
  parentRows: number
  rows: number
  /** Of the key. */
  bound: PartitionBound | null
}

function inPartition(column: ColumnScale, { share, parentRows, rows, bound }: Part): ColumnScale {
  const mostCommon = bound?.kind === 'list' ? column.mostCommon.filter(({ value }) => bound.values.includes(value)).map(({ value, share: part }) => ({ value, share: Math.min(1, part / (share || 1)) })) : column.mostCommon
  const isPart = bound?.kind === 'range' || bound?.kind === 'hash'
  const distinct = bound?.kind === 'list' ? bound.values.length : isPart ? column.distinct * share : distinctIn(column.distinct, parentRows, share)
  return {
    ...column,
    mostCommon: isPart ? [] : mostCommon,
    distinct: Math.max(1, Math.min(distinct, Math.max(1, rows))),
    spread: bound?.kind === 'range' && column.spread ? valueBetween(column.spread, ends(bound, column.spread)) : column.spread,
    measured: null,
  }
}

/** Different values among that share of the rows, when chance says which rows. */
function distinctIn(distinct: number, rows: number, share: number): number {
  return share >= 1 ? distinct : distinct * (1 - (1 - share) ** (rows / Math.max(1, distinct)))
}
