/**
 * Sizes before there are rows: a model, never a measurement. Page layout as in Postgres (8 kB pages, tuples aligned to
 * 8 bytes, btree pages 90 % full); constants per row of the other kinds were measured on 5M rows.
 */
import type { Plan, TablePlan } from '../design/plan.ts'
import type { ColumnSpec, ScaleSpec, TableSpec } from '../design/spec.ts'
import { predicateShare } from './predicate-share.ts'
import { type TableIndex, tableIndexes } from './table-indexes.ts'

/** A figure at launch and at the design's horizon. */
export interface Figures {
  launch: number
  horizon: number
}

export interface TableSize {
  rows: Figures
  rowBytes: number
  heap: Figures
  indexes: { index: TableIndex; bytes: Figures; upperBound: boolean }[]
  total: Figures
}

export function estimateTable(plan: Plan, table: TablePlan): TableSize {
  const { scale } = table.table
  const rows = { launch: scale.rows, horizon: scale.rows + scale.growthPerDay * plan.spec.horizon.days }
  const rowBytes = scale.rowBytes ?? table.columns.reduce((sum, column) => sum + columnBytes(column), 0)
  const heap = both(rows, (count) => heapBytes(count, rowBytes))
  const indexes = tableIndexes(plan, table).map((index) => {
    const { share, declared } = predicateShare(index.where, table.table)
    return { index, bytes: both(rows, (count) => indexBytes(index, count * share, table.table)), upperBound: !declared || mayRepeat(index, table.table) }
  })
  const total = both(heap, (size) => size)
  for (const { bytes } of indexes) {
    total.launch += bytes.launch
    total.horizon += bytes.horizon
  }
  return { rows, rowBytes, heap, indexes, total }
}

function both(figures: Figures, compute: (value: number) => number): Figures {
  return { launch: compute(figures.launch), horizon: compute(figures.horizon) }
}

function heapBytes(rows: number, rowBytes: number): number {
  const tuple = 28 + align8(rowBytes)
  // Wider rows are kept out of line, page after page.
  return tuple > 8168 ? rows * tuple : 8192 * Math.ceil(rows / Math.floor(8168 / tuple))
}

function indexBytes(index: TableIndex, rows: number, table: TableSpec): number {
  const columns = index.columns.map((name) => table.columns.find((column) => column.name === name))
  if (index.method === 'brin') return 6 * 8192
  if (index.method === 'hash') return rows * 26.9
  if (index.method === 'gin') return rows * columns.reduce((sum, column, place) => sum + ginBytes(column, index.operatorClasses[place] ?? '', table.scale), 0)
  if (index.method === 'gist') return rows * 224
  if (index.include.length === 0 && isDeduplicated(columns, rows, table.scale)) return rows * 7
  const stored = [...index.columns, ...index.include].map((name) => table.columns.find((column) => column.name === name))
  const keyBytes = stored.reduce((sum, column) => sum + (column ? columnBytes(column) : 8), 0)
  return 8192 * Math.ceil((rows * (align8(8 + keyBytes) + 4)) / (8152 * 0.9))
}

/** Five rows for each key, and types whose equal values are the same bytes. */
function isDeduplicated(columns: (ColumnSpec | undefined)[], rows: number, scale: ScaleSpec): boolean {
  if (columns.some((column) => !column || /^(numeric|decimal|float|double|real|jsonb)/.test(column.type) || column.type.endsWith('[]'))) return false
  const keys = columns.reduce((total, column) => total * (column ? distinct(column, rows, scale) : rows), 1)
  return rows / Math.max(1, Math.min(keys, rows)) >= 5
}

/** Nothing says how often its keys repeat, so every entry is taken as a key of its own. */
function mayRepeat(index: TableIndex, table: TableSpec): boolean {
  if (index.kind !== 'index' || index.method !== 'btree') return false
  const columns = table.columns.filter((column) => index.columns.includes(column.name))
  const isUnique = (column: ColumnSpec) => column.type.startsWith('timestamp') || (table.primaryKey.length === 1 && table.primaryKey[0] === column.name)
  return !columns.some(isUnique) && columns.some((column) => table.scale.distinct[column.name] === undefined && column.oneOf === null && column.type !== 'boolean')
}

function distinct(column: ColumnSpec, rows: number, scale: ScaleSpec): number {
  return scale.distinct[column.name] ?? column.oneOf?.length ?? (column.type === 'boolean' ? 2 : rows)
}

function ginBytes(column: ColumnSpec | undefined, operatorClass: string, scale: ScaleSpec): number {
  if (operatorClass.includes('trgm')) return 88
  if (operatorClass.includes('jsonb_path_ops')) return 10
  if (column?.type === 'jsonb') return 12.2
  return column?.type === 'tsvector' ? 123 : 4.1 * (scale.elements[column?.name ?? ''] ?? 2)
}

/** Fixed widths of Postgres; what varies is taken as 32 bytes. */
function columnBytes({ type }: ColumnSpec): number {
  const bare = type.toLowerCase()
  if (bare.endsWith('[]')) return 32
  if (bare.startsWith('uuid')) return 16
  if (/^(bigint|int8|timestamp|double|float8|numeric|decimal|time)/.test(bare)) return 8
  if (/^(integer|int4|int$|date|real|float4)/.test(bare)) return 4
  if (/^(smallint|int2)/.test(bare)) return 2
  return bare.startsWith('bool') ? 1 : 32
}

function align8(size: number): number {
  return Math.ceil(size / 8) * 8
}
