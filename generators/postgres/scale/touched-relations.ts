/** The tables of a database that a workload can reach, with their columns and indexes as the planner knows them. */
import type { QualifiedName } from '../../sql/identifier.ts'
import type { Session } from '../session.ts'

export interface TouchedTable extends QualifiedName {
  oid: number
  kind: 'table' | 'materialized view' | 'partitioned'
  /** Of a partition: its parent, and which rows it takes. */
  partition: { parent: QualifiedName; key: string | null; bound: string } | null
  /** Per cent of a page that inserts fill. */
  fillfactor: number
  columns: TouchedColumn[]
  indexes: TouchedIndex[]
}

export interface TouchedColumn {
  name: string
  number: number
  /** As `format_type` prints it. */
  type: string
}

export interface TouchedIndex {
  oid: number
  name: string
  method: string
  /** Null for an expression. */
  keys: (string | null)[]
  /** Null for a column. */
  expressions: (string | null)[]
  /** Types of the keys as they are stored. */
  types: string[]
  operatorClasses: string[]
  include: string[]
  unique: boolean
  where: string | null
}

/**
 * The named tables and views, what their views and policies read, and partitions. Parents of partitions have no files.
 * Ordered by name.
 */
export async function touchedTables(session: Session, names: readonly QualifiedName[]): Promise<TouchedTable[]> {
  const { rows } = await session.query<TouchedTable>(query, [JSON.stringify(names.map(({ schema, name }) => ({ schema, name })))])
  return rows
}

const query = `
  with recursive named (oid) as (
    select c.oid from json_to_recordset($1::json) w (schema text, name text)
    join pg_catalog.pg_namespace n on n.nspname = w.schema
    join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.name
  ), touched (oid) as (
    select oid from named
    union
    select found.oid from touched t cross join lateral (
      select d.refobjid as oid from pg_catalog.pg_policy p
        join pg_catalog.pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass
        where p.polrelid = t.oid
      union all
      select d.refobjid from pg_catalog.pg_rewrite r
        join pg_catalog.pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
        where r.ev_class = t.oid
      union all
      select i.inhrelid from pg_catalog.pg_inherits i where i.inhparent = t.oid
    ) found
  )
  select c.oid::int8 as oid, n.nspname as schema, c.relname as name, case c.relkind when 'm' then 'materialized view' when 'p' then 'partitioned' else 'table' end as kind,
    (select json_build_object('parent', json_build_object('schema', pn.nspname, 'name', p.relname), 'bound', pg_get_expr(c.relpartbound, c.oid), 'key', k.attname)
      from pg_catalog.pg_inherits h join pg_catalog.pg_class p on p.oid = h.inhparent join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
      join pg_catalog.pg_partitioned_table t on t.partrelid = p.oid left join pg_catalog.pg_attribute k on k.attrelid = p.oid and k.attnum = t.partattrs[0] and k.attnum > 0
      where h.inhrelid = c.oid and c.relispartition) as partition,
    coalesce((select option_value::int from pg_catalog.pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 100) as fillfactor,
    (select json_agg(json_build_object('name', a.attname, 'number', a.attnum, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
      from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select coalesce(json_agg(json_build_object(
        'oid', i.indexrelid::int8, 'name', x.relname, 'method', m.amname,
        'keys', (select json_agg(a.attname order by k.place) from unnest(i.indkey) with ordinality k (attnum, place)
          left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum and k.attnum > 0 where k.place <= i.indnkeyatts),
        'expressions', (select json_agg(case when k.attnum = 0 then pg_get_indexdef(i.indexrelid, k.place::int, true) end order by k.place) from unnest(i.indkey) with ordinality k (attnum, place) where k.place <= i.indnkeyatts),
        'types', (select json_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum) from pg_catalog.pg_attribute a where a.attrelid = i.indexrelid and a.attnum <= i.indnkeyatts),
        'operatorClasses', (select json_agg(o.opcname order by k.place) from unnest(i.indclass) with ordinality k (oid, place)
          join pg_catalog.pg_opclass o on o.oid = k.oid),
        'include', (select coalesce(json_agg(a.attname order by k.place), '[]') from unnest(i.indkey) with ordinality k (attnum, place)
          join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where k.place > i.indnkeyatts),
        'unique', i.indisunique, 'where', pg_get_expr(i.indpred, i.indrelid)) order by x.relname collate "C"), '[]')
      from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid join pg_catalog.pg_am m on m.oid = x.relam
      where i.indrelid = c.oid and x.relkind = 'i') as indexes
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.oid in (select oid from touched) and c.relkind in ('r', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
  order by n.nspname collate "C", c.relname collate "C"`


/** Where the files of relations are, relative to the data directory. */
export async function filesOf(session: Session, relations: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await session.query<{ oid: number; path: string }>('select oid::int8 as oid, pg_relation_filepath(oid) as path from unnest($1::oid[]) r (oid)', [relations])
  return new Map(rows.map(({ oid, path }) => [oid, path]))
}
