/**
 * An empty database that its planner takes for a full one: statistics in the catalog, and files of the right length.
 * Rows are never read there: no ANALYZE, no VACUUM, no query, only EXPLAIN. It is dropped afterwards.
 */
import type { MeasuredIndex } from '../../design/measured.ts'
import { assumedShares, predicateShare } from '../../planner/predicate-share.ts'
import { heapBytes, indexBytes, pageBytes, treeLevel } from '../../planner/size-model.ts'
import { scaleOfExpression } from '../../planner/scale/expression-scale.ts'
import { partitionScales } from '../../planner/scale/partition-scale.ts'
import { type ColumnScale, type TableScale, scaleOfColumn } from '../../planner/scale/table-scale.ts'
import type { Database } from '../database.ts'
import { raiseTree } from './btree-levels.ts'
import { columnStatistics, measuredStatistics } from './column-statistics.ts'
import { inElementOrder } from './element-order.ts'
import { extendFile } from './extend-files.ts'
import { stopClock } from './fixed-clock.ts'
import { emptyTables } from './fresh-files.ts'
import { ownDataDirectory } from './own-cluster.ts'
import { type TouchedIndex, type TouchedTable, filesOf, touchedTables } from './touched-relations.ts'
import { type ColumnRow, type RelationRow, writeStatistics } from './write-statistics.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import { loadParser } from '../../sql/parser.ts'

export interface ScaledDatabase {
  /** Bytes by `schema.index` or `schema.table`, as the planner takes them. */
  bytes: Record<string, number>
}

/** Which of these tables, and of those that they lead to, there are. */
export async function reachableTables(database: Database, names: readonly QualifiedName[]): Promise<TouchedTable[]> {
  await using session = await database.connect({ user: 'supabase_admin' })
  return await touchedTables(session, names)
}

/**
 * Can be called again, with tables larger or smaller. Sessions that were open before keep what they knew; plan in a new
 * one.
 */
export async function scaleDatabase(database: Database, touched: readonly TouchedTable[], scales: readonly TableScale[]): Promise<ScaledDatabase> {
  await loadParser()
  await using session = await database.connect({ user: 'supabase_admin' })
  const directory = await ownDataDirectory(session)
  const all = withPartitions(touched, scales)
  const relations = touched.flatMap((table) => {
    const scale = findScale(all, table)
    return scale ? relationsOf(table, scale) : []
  })
  for (const { columns } of relations)
    for (const column of columns) column.slots = await inElementOrder(session, column.type, column.slots)
  await emptyTables(session, touched)
  await stopClock(session)
  await writeStatistics(session, relations, relations.flatMap(({ columns }) => columns))
  // Everything in memory goes to the files first: afterwards only the files change.
  await session.query('checkpoint')
  const files = await filesOf(session, relations.map(({ relation }) => relation))
  for (const { relation, pages, level } of relations) {
    const path = files.get(relation) ?? null
    if (path === null) continue
    if (level !== null) await raiseTree(directory, path, level)
    await extendFile(directory, path, pages)
  }
  return { bytes: Object.fromEntries(relations.map(({ name, bytes }) => [name, bytes])) }
}

/** Those whose scale is not known themselves follow from their parent. Parents come first. */
function withPartitions(touched: readonly TouchedTable[], scales: readonly TableScale[]): TableScale[] {
  const all = [...scales]
  const parents = touched.filter(({ kind }) => kind === 'partitioned')
  for (let found = true; found; ) {
    found = false
    for (const parent of parents) {
      const scale = findScale(all, parent)
      const partitions = touched.flatMap(({ schema, name, partition }) => (partition?.parent.schema === parent.schema && partition.parent.name === parent.name ? [{ schema, name, ...partition }] : []))
      const unknown = partitions.filter((one) => findScale(all, one) === undefined)
      if (!scale || unknown.length === 0) continue
      all.push(...partitionScales(scale, partitions).filter((one) => unknown.some(({ schema, name }) => schema === one.schema && name === one.name)))
      found = true
    }
  }
  return all
}

function findScale(scales: readonly TableScale[], { schema, name }: QualifiedName): TableScale | undefined {
  return scales.find((one) => one.schema === schema && one.name === name)
}

interface ScaledRelation extends RelationRow {
  name: string
  bytes: number
  /** Of a btree that is new and empty. */
  level: number | null
  columns: (ColumnRow & { type: string })[]
}

function relationsOf(table: TouchedTable, scale: TableScale): ScaledRelation[] {
  const { measured } = scale
  // A table that was measured, and grows.
  const growth = measured && measured.rows > 0 ? scale.rows / measured.rows : 1
  const relation = (oid: number, name: string, bytes: number, rows: number): ScaledRelation => {
    return { relation: oid, name: `${table.schema}.${name}`, bytes, pages: Math.ceil(bytes / pageBytes), rows, visible: 0, level: null, columns: [] }
  }
  if (table.kind === 'partitioned') return [{ ...relation(table.oid, table.name, 0, scale.rows), columns: statisticsOf(table, scale) }]
  const heap = relation(table.oid, table.name, measured ? measured.pages * pageBytes * growth : heapBytes(scale, table.fillfactor), scale.rows)
  const indexes = table.indexes.map((index): ScaledRelation => {
    const known = measured?.indexes.find(({ name }) => name === index.name)
    const rows = known ? known.rows * growth : scale.rows * predicateShare(index.where, assumedShares(scale)).share
    const keys = index.keys.map((key, place) => scaleOfColumn(scale, key) ?? expressionScale(index.expressions[place] ?? null, scale))
    const shape = { ...index, keys, include: index.include.map((name) => scaleOfColumn(scale, name)) }
    // The first page is the index's own.
    const bytes = known ? known.pages * pageBytes * growth : indexBytes(shape, rows) + pageBytes
    const level = index.method === 'btree' && table.kind === 'table' && rows > 0 ? treeLevel(shape, bytes - pageBytes, rows) : null
    return { ...relation(index.oid, index.name, bytes, rows), level, columns: statisticsOfIndex(index, keys, rows, known) }
  })
  return [{ ...heap, visible: measured ? Math.min(heap.pages, Math.round(measured.visiblePages * growth)) : heap.pages, columns: statisticsOf(table, scale) }, ...indexes]
}

function statisticsOf(table: TouchedTable, scale: TableScale): ScaledRelation['columns'] {
  if (scale.rows === 0) return []
  return table.columns.flatMap((column) => {
    const known = scaleOfColumn(scale, column.name)
    return known ? [{ relation: table.oid, attribute: column.number, inherited: table.kind === 'partitioned', type: column.type, ...columnStatistics(known, scale.rows) }] : []
  })
}

/** Expressions have statistics of their own. */
function statisticsOfIndex(index: TouchedIndex, keys: readonly (ColumnScale | undefined)[], rows: number, known: MeasuredIndex | undefined): ScaledRelation['columns'] {
  return index.expressions.flatMap((expression, place) => {
    const measured = known?.expressions.find((one) => one.place === place + 1)
    const key = keys[place]
    if (expression === null || (!measured && !key)) return []
    const statistics = measured ? measuredStatistics(measured) : key ? columnStatistics(key, rows) : null
    return statistics ? [{ relation: index.oid, attribute: place + 1, inherited: false, type: index.types[place] ?? '', ...statistics }] : []
  })
}

function expressionScale(expression: string | null, scale: TableScale): ColumnScale | undefined {
  return expression === null ? undefined : scaleOfExpression(expression, scale)
}
