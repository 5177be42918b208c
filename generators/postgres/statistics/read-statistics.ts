/** Sizes and statistics of tables from a database of the user: catalog views only, as far as its rights go. */
import type { MeasuredColumn, MeasuredIndex, MeasuredTable } from '../../design/measured.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import { shownUrl } from './database-url.ts'
import { readOnly } from './read-only-session.ts'
import { type StatisticsRow, columnOf } from './statistics-row.ts'

export interface ReadStatistics {
  /** Without the password. */
  from: string
  tables: MeasuredTable[]
  /** What could not be read, in sentences. */
  unread: string[]
}

interface RelationRow extends QualifiedName {
  rows: number
  pages: number
  visible: number
  analyzed: boolean
  blockSize: number
  columns: number
  indexes: { name: string; rows: number; pages: number; columns: string[] }[]
}

/** Of these tables. Rows are not read; values of theirs that ANALYZE kept are. */
export async function readStatistics(url: string, names: readonly QualifiedName[]): Promise<ReadStatistics> {
  return await readOnly(url, async (query) => {
    const wanted = JSON.stringify(names.map(({ schema, name }) => ({ schema, name })))
    const relations = await query<RelationRow>(relationsQuery, [wanted])
    const statistics = await query<StatisticsRow>(statisticsQuery, [wanted])
    const found = relations.filter(({ analyzed }) => analyzed)
    const tables = found.map((relation) => measured(relation, statistics.filter(({ schema }) => schema === relation.schema)))
    return { from: shownUrl(url), tables, unread: unreadOf(names, relations, tables) }
  })
}

function measured({ schema, name, rows, pages, visible, blockSize, indexes }: RelationRow, statistics: readonly StatisticsRow[]): MeasuredTable {
  const inPages = (count: number) => Math.ceil((count * blockSize) / 8192)
  return {
    schema,
    name,
    rows,
    pages: inPages(pages),
    visiblePages: inPages(visible),
    columns: columnsOf(statistics, name),
    indexes: indexes.map((index): MeasuredIndex => {
      const expressions = columnsOf(statistics, index.name).flatMap((column) => {
        const place = index.columns.indexOf(column.name) + 1
        return place > 0 ? [{ ...column, place }] : []
      })
      return { name: index.name, rows: index.rows, pages: inPages(index.pages), expressions }
    }),
  }
}

function columnsOf(statistics: readonly StatisticsRow[], relation: string): MeasuredColumn[] {
  return statistics.filter((row) => row.relation === relation).map(columnOf)
}

/** One sentence for all tables of which the same is missing. */
function unreadOf(names: readonly QualifiedName[], relations: readonly RelationRow[], tables: readonly MeasuredTable[]): string[] {
  const shown = ({ schema, name }: QualifiedName) => `${schema}.${name}`
  const known = (list: readonly QualifiedName[], one: QualifiedName) => list.some(({ schema, name }) => schema === one.schema && name === one.name)
  const missing = names.filter((one) => !known(relations, one)).map(shown)
  const never = relations.filter(({ analyzed }) => !analyzed).map(shown)
  const blind = tables.filter(({ rows, columns }) => rows > 0 && columns.length === 0).map(shown)
  return [
    ...(missing.length > 0 ? [`Not in that database: ${missing.join(', ')}.`] : []),
    ...(never.length > 0 ? [`Never analysed, so nothing is known of ${never.join(', ')}. Run there: ${never.map((name) => `analyze ${name};`).join(' ')}`] : []),
    ...(blind.length > 0 ? [`Their sizes were read, but this user may not see the statistics of ${blind.join(', ')}.`] : []),
  ]
}

/** Tables grow between two runs of VACUUM; the planner keeps rows to a page. Parents of partitions are as large as these. */
const relationsQuery = `
  select n.nspname as schema, c.relname as name, s.analyzed, current_setting('block_size')::int4 as "blockSize", s.rows::float8 as rows, s.pages::float8 as pages, s.visible::float8 as visible,
    (select count(*)::int4 from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select coalesce(json_agg(json_build_object('name', x.relname, 'pages', pg_relation_size(x.oid) / current_setting('block_size')::int4,
        'rows', case when x.relpages > 0 then x.reltuples / x.relpages * (pg_relation_size(x.oid) / current_setting('block_size')::int4) else greatest(x.reltuples, 0) end,
        'columns', (select json_agg(a.attname order by a.attnum) from pg_attribute a where a.attrelid = x.oid and a.attnum > 0))), '[]')
      from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and x.relkind = 'i') as indexes
  from json_to_recordset($1::json) w (schema text, name text)
  join pg_namespace n on n.nspname = w.schema
  join pg_class c on c.relnamespace = n.oid and c.relname = w.name and c.relkind in ('r', 'm', 'p')
  cross join lateral (
    select bool_or(l.reltuples >= 0) as analyzed, sum(pg_relation_size(l.oid) / current_setting('block_size')::int4) as pages, sum(l.relallvisible) as visible,
      sum(case when l.relpages > 0 then l.reltuples / l.relpages * (pg_relation_size(l.oid) / current_setting('block_size')::int4) else greatest(l.reltuples, 0) end) as rows
    from pg_class l where l.oid = c.oid and c.relkind <> 'p' or c.relkind = 'p' and l.oid in (select relid from pg_partition_tree(c.oid) where isleaf)
  ) s
  order by n.nspname collate "C", c.relname collate "C"`

/** Of the tables and of the expressions of their indexes. Of a parent, that of all its rows. */
const statisticsQuery = `
  select s.schemaname as schema, s.tablename as relation, s.attname as name, s.null_frac as "nullShare", s.avg_width as width, s.n_distinct as distinct, s.correlation,
    s.most_common_vals::text::text[] as common, s.most_common_freqs as shares, s.histogram_bounds::text::text[] as bounds,
    s.most_common_elems::text::text[] as elements, s.most_common_elem_freqs as "elementShares", s.elem_count_histogram as counts
  from json_to_recordset($1::json) w (schema text, name text)
  join pg_namespace n on n.nspname = w.schema
  join pg_class c on c.relnamespace = n.oid and c.relname = w.name
  join lateral (select c.relname as name union all select x.relname from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid) o on true
  join pg_stats s on s.schemaname = w.schema and s.tablename = o.name and s.inherited = (c.relkind = 'p')
  order by s.schemaname collate "C", s.tablename collate "C", s.attname collate "C"`
