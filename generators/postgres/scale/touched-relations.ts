/** The tables of a database that a workload can reach, with their columns and indexes as the planner knows them. */
import type { QualifiedName } from '../../sql/identifier.ts'
import type { Session } from '../session.ts'

export interface TouchedTable extends QualifiedName {
  oid: number
  /** Relative to the data directory. */
  path: string
  columns: { name: string; number: number; type: number }[]
  indexes: TouchedIndex[]
}

export interface TouchedIndex {
  oid: number
  name: string
  path: string
  method: string
  /** Null for an expression. */
  keys: (string | null)[]
  operatorClasses: string[]
  include: string[]
  unique: boolean
  where: string | null
}

/**
 * The named tables and views, what their views and policies read, and partitions. Ordinary tables only: parents of
 * partitions have no file. Ordered by name.
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
  select c.oid::int8 as oid, n.nspname as schema, c.relname as name, pg_relation_filepath(c.oid) as path,
    (select json_agg(json_build_object('name', a.attname, 'number', a.attnum, 'type', a.atttypid::int8) order by a.attnum)
      from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select coalesce(json_agg(json_build_object(
        'oid', i.indexrelid::int8, 'name', x.relname, 'path', pg_relation_filepath(i.indexrelid), 'method', m.amname,
        'keys', (select json_agg(a.attname order by k.place) from unnest(i.indkey) with ordinality k (attnum, place)
          left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum and k.attnum > 0 where k.place <= i.indnkeyatts),
        'operatorClasses', (select json_agg(o.opcname order by k.place) from unnest(i.indclass) with ordinality k (oid, place)
          join pg_catalog.pg_opclass o on o.oid = k.oid),
        'include', (select coalesce(json_agg(a.attname order by k.place), '[]') from unnest(i.indkey) with ordinality k (attnum, place)
          join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where k.place > i.indnkeyatts),
        'unique', i.indisunique, 'where', pg_get_expr(i.indpred, i.indrelid)) order by x.relname collate "C"), '[]')
      from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid join pg_catalog.pg_am m on m.oid = x.relam
      where i.indrelid = c.oid) as indexes
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.oid in (select oid from touched) and c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
  order by n.nspname collate "C", c.relname collate "C"`
