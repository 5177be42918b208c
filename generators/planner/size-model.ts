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
  const heap = both((scale) => heapBytes(scale) + scale.rows * Math.max(0, rowBytes - scale.tupleBytes))
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

/** `fillfactor`: per cent of a page that inserts fill. */
export function heapBytes({ rows, tupleBytes }: Pick<TableScale, 'rows' | 'tupleBytes'>, fillfactor = 100): number {
  const room = 8168 - (pageBytes * (100 - fillfactor)) / 100
  return pageBytes * Math.ceil(rows / Math.max(1, Math.floor(room / tupleBytes)))
}

/** Of an index over that many rows. */
export function indexBytes({ method, keys, operatorClasses, include, unique }: IndexShape, rows: number): number {
  if (method === 'brin') return 6 * pageBytes
  if (method === 'hash') return hashBytes(rows)
  if (method === 'gin') return keys.reduce((sum, key, place) => sum + ginBytes(key, operatorClasses[place] ?? '', rows), 0)
  if (method === 'gist' || method === 'spgist') return rows * 224
  const tuple = entryBytes([...keys, ...include])
  const copies = include.length > 0 || unique || keys.some((key) => key && !isStoredOnce(key.type)) ? 1 : copiesOf(keys, rows)
  // Rows with the same key share an entry and take 6 bytes each, some 220 to an entry.
  const entry = copies < 2 ? tuple : 6 + tuple / Math.min(copies, 220)
  return pageBytes * Math.ceil((rows * entry) / (8152 * 0.9))
}

/** 307 rows to a bucket of one page; their number doubles, above 512 in four steps. */
function hashBytes(rows: number): number {
  const buckets = Math.max(2, Math.ceil(rows / 307))
  const power = 2 ** Math.ceil(Math.log2(buckets))
  const step = power > 512 ? power / 8 : power
  return pageBytes * (Math.ceil(buckets / step) * step + 2)
}

/**
 * Levels above the leaves of a btree. Pages in between are 70 % full when it is built, and hold no more of a key than tells
 * it from its neighbour.
 */
export function treeLevel({ keys }: IndexShape, bytes: number, rows: number): number {
  const fanout = Math.max(2, Math.floor((pageBytes * 0.7) / pivotBytes(keys, rows)))
  let level = 0
  for (let pages = Math.ceil(bytes / pageBytes); pages > 1; pages = Math.ceil(pages / fanout)) level += 1
  return level
}

/** Where keys repeat, the place of the row tells them apart. */
function pivotBytes(keys: IndexShape['keys'], rows: number): number {
  let combinations = 1
  const enough = keys.findIndex((key) => (combinations *= key?.distinct ?? ofExpression) >= rows)
  return enough === -1 ? entryBytes(keys) + 8 : entryBytes(keys.slice(0, enough + 1))
}

/** With its header and the pointer to it. */
function entryBytes(columns: IndexShape['keys']): number {
  const stored = columns.reduce((sum, column) => sum + (column ? column.width * (1 - column.nullShare) : 32), 0)
  return align8(8 + stored) + 4
}

/** Values that the planner takes an expression to have of which nothing is known. */
const ofExpression = 200

/** Rows for each key. Columns are taken as independent of each other. */
function copiesOf(keys: IndexShape['keys'], rows: number): number {
  const combinations = keys.reduce((product, key) => product * (key?.distinct ?? ofExpression), 1)
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

function ginBytes(key: ColumnScale | undefined, operatorClass: string, rows: number): number {
  // A text has about as many trigrams as letters.
  if (operatorClass.includes('trgm')) return rows * 2.3 * (key?.width ?? 38)
  if (operatorClass.includes('jsonb_path_ops')) return rows * 10
  if (key?.type === 'jsonb') return rows * 12.2
  if (!key?.heldElements) return rows * (key?.type === 'tsvector' ? 123 : 4.1 * (key?.elements ?? 2))
  const { common, others, share } = key.heldElements
  return common.reduce((sum, element) => sum + elementBytes(element.share, rows), others * elementBytes(share, rows))
}

/** Rows of an element are kept as the distances between them, in its entry or, when they are many, on pages of their own. */
function elementBytes(share: number, rows: number): number {
  const list = rows * share * Math.max(1.2, Math.log2(2048 / Math.max(share, 1e-9) / 50) / 7 + 0.4)
  return list > 2600 ? pageBytes * Math.ceil(list / (0.85 * pageBytes)) : (32 + list) / 0.9
}

function align8(size: number): number {
  return Math.ceil(size / 8) * 8
}
