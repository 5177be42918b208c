/**
 * Sizes before there are rows: a model, never a measurement. Page layout as in Postgres (8 kB pages, tuples aligned to
 * 8 bytes, btree pages 90 % full); constants per row of the other kinds were measured on 5M rows. The pages of the
 * documents and the plans at scale stand on the same figures.
 */
import type { Catalog } from '../design/catalog.ts'
import type { Plan, TablePlan } from '../design/plan.ts'
import type { ColumnSpec, TableSpec } from '../design/spec.ts'
import { declaredShares, predicateShare } from './predicate-share.ts'
import { designScale } from './scale/design-scale.ts'
import { type ColumnScale, type TableScale, scaleOfColumn } from './scale/table-scale.ts'
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

/** Columns of an index with what is known of their values; undefined for expressions. */
export interface IndexShape {
  method: string
  keys: (ColumnScale | undefined)[]
  operatorClasses: (string | null)[]
  include: (ColumnScale | undefined)[]
  unique: boolean
}

export const pageBytes = 8192

export function estimateTable(plan: Plan, table: TablePlan, catalog: Catalog): TableSize {
  const [launch, horizon] = (['launch', 'horizon'] as const).map((at) => designScale(plan, catalog, [table.table], at).tables[0] as TableScale) as [TableScale, TableScale]
  const both = (compute: (scale: TableScale) => number): Figures => ({ launch: compute(launch), horizon: compute(horizon) })
  const rowBytes = table.table.scale.rowBytes ?? launch.rowBytes
  const heap = both((scale) => heapBytes(scale) + (rowBytes > scale.rowBytes ? scale.rows * (rowBytes - scale.rowBytes) : 0))
  const indexes = tableIndexes(plan, table).map((index) => {
    const { share, declared } = predicateShare(index.where, declaredShares(table.table))
    return { index, bytes: both((scale) => indexBytes(shapeOf(index, scale), scale.rows * share)), upperBound: !declared || mayRepeat(index, table.table) }
  })
  const total = { ...heap }
  for (const { bytes } of indexes) {
    total.launch += bytes.launch
    total.horizon += bytes.horizon
  }
  return { rows: both(({ rows }) => rows), rowBytes, heap, indexes, total }
}

export function shapeOf({ method, columns, operatorClasses, include, kind }: TableIndex, scale: TableScale): IndexShape {
  const find = (name: string) => scaleOfColumn(scale, name)
  return { method, keys: columns.map(find), operatorClasses, include: include.map(find), unique: kind !== 'index' }
}

export function heapBytes({ rows, rowBytes }: Pick<TableScale, 'rows' | 'rowBytes'>): number {
  const tuple = 28 + align8(rowBytes)
  // Wider rows are kept out of line, page after page.
  return tuple > 8168 ? rows * tuple : pageBytes * Math.ceil(rows / Math.floor(8168 / tuple))
}

/** Of an index over that many rows. */
export function indexBytes({ method, keys, operatorClasses, include, unique }: IndexShape, rows: number): number {
  if (method === 'brin') return 6 * pageBytes
  if (method === 'hash') return rows * 26.9
  if (method === 'gin') return rows * keys.reduce((sum, key, place) => sum + ginBytes(key, operatorClasses[place] ?? ''), 0)
  if (method === 'gist' || method === 'spgist') return rows * 224
  const stored = [...keys, ...include].reduce((sum, key) => sum + (key ? key.width * (1 - key.nullShare) : 32), 0)
  const tuple = align8(8 + stored) + 4
  const copies = include.length > 0 || unique || keys.some((key) => !key || !isStoredOnce(key.type)) ? 1 : copiesOf(keys, rows)
  // Rows with the same key share an entry and take 6 bytes each, some 220 to an entry.
  const entry = copies < 2 ? tuple : 6 + tuple / Math.min(copies, 220)
  return pageBytes * Math.ceil((rows * entry) / (8152 * 0.9))
}

/** Rows for each key. Columns are taken as independent of each other. */
function copiesOf(keys: IndexShape['keys'], rows: number): number {
  const combinations = keys.reduce((product, key) => product * (key?.distinct ?? rows), 1)
  return rows / Math.max(1, Math.min(combinations, rows))
}

/** Types whose equal values are the same bytes. */
function isStoredOnce(type: string): boolean {
  return !/^(numeric|decimal|float|double|real|jsonb)/.test(type) && !type.endsWith('[]')
}

/** Nothing says how often its keys repeat, so every entry is taken as a key of its own. */
function mayRepeat(index: TableIndex, table: TableSpec): boolean {
  if (index.kind !== 'index' || index.method !== 'btree') return false
  const columns = table.columns.filter((column) => index.columns.includes(column.name))
  const isUnique = (column: ColumnSpec) => column.type.startsWith('timestamp') || (table.primaryKey.length === 1 && table.primaryKey[0] === column.name)
  return !columns.some(isUnique) && columns.some((column) => table.scale.distinct[column.name] === undefined && column.oneOf === null && column.type !== 'boolean')
}

function ginBytes(key: ColumnScale | undefined, operatorClass: string): number {
  if (operatorClass.includes('trgm')) return 88
  if (operatorClass.includes('jsonb_path_ops')) return 10
  if (key?.type === 'jsonb') return 12.2
  return key?.type === 'tsvector' ? 123 : 4.1 * (key?.elements ?? 2)
}

function align8(size: number): number {
  return Math.ceil(size / 8) * 8
}
