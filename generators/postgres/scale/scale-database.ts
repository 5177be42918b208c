/**
 * An empty database that its planner takes for a full one: statistics in the catalog, and files of the right length.
 * Rows are never read there: no ANALYZE, no VACUUM, no query, only EXPLAIN. It is dropped afterwards.
 */
import { assumedShares, predicateShare } from '../../planner/predicate-share.ts'
import { type IndexShape, heapBytes, indexBytes, pageBytes } from '../../planner/size-model.ts'
import { type TableScale, scaleOfColumn } from '../../planner/scale/table-scale.ts'
import type { Database } from '../database.ts'
import { columnStatistics } from './column-statistics.ts'
import { extendFile } from './extend-files.ts'
import { stopClock } from './fixed-clock.ts'
import { ownDataDirectory } from './own-cluster.ts'
import { type TouchedIndex, type TouchedTable, touchedTables } from './touched-relations.ts'
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
 * Can be called again with larger tables, never with smaller ones. Sessions that were open before keep what they knew;
 * plan in a new one.
 */
export async function scaleDatabase(database: Database, touched: readonly TouchedTable[], scales: readonly TableScale[]): Promise<ScaledDatabase> {
  await loadParser()
  await using session = await database.connect({ user: 'supabase_admin' })
  const directory = await ownDataDirectory(session)
  const relations: RelationRow[] = []
  const columns: ColumnRow[] = []
  const files: { path: string; pages: number }[] = []
  const bytes: Record<string, number> = {}
  const add = (oid: number, path: string, size: number, rows: number, isHeap: boolean) => {
    const pages = Math.max(1, Math.ceil(size / pageBytes))
    relations.push({ relation: oid, pages, rows, visible: isHeap ? pages : 0 })
    files.push({ path, pages })
  }
  for (const table of touched) {
    const scale = scales.find((one) => one.schema === table.schema && one.name === table.name)
    if (!scale) continue
    const heap = heapBytes(scale)
    bytes[`${table.schema}.${table.name}`] = heap
    add(table.oid, table.path, heap, scale.rows, true)
    columns.push(...statisticsOf(table, scale))
    for (const index of table.indexes) {
      const rows = scale.rows * predicateShare(index.where, assumedShares(scale)).share
      const size = indexBytes(shapeOf(index, scale), rows)
      bytes[`${table.schema}.${index.name}`] = size
      // The first page is the index's own.
      add(index.oid, index.path, size + pageBytes, rows, false)
    }
  }
  await stopClock(session)
  await writeStatistics(session, relations, columns)
  // Everything in memory goes to the files first: afterwards only their length changes.
  await session.query('checkpoint')
  for (const { path, pages } of files) await extendFile(directory, path, pages)
  return { bytes }
}

function statisticsOf(table: TouchedTable, scale: TableScale): ColumnRow[] {
  return table.columns.flatMap((column) => {
    const known = scaleOfColumn(scale, column.name)
    return known ? [{ relation: table.oid, attribute: column.number, ...columnStatistics(known, scale.rows) }] : []
  })
}

function shapeOf(index: TouchedIndex, scale: TableScale): IndexShape {
  const find = (name: string | null) => scaleOfColumn(scale, name)
  return { ...index, keys: index.keys.map(find), include: index.include.map(find) }
}
