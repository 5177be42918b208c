/** Indexes of the tables that a workload reads, as the server has them; candidates of ours are none. */
import type { StandingIndex } from '../../planner/candidates/standing-index.ts'
import { type QualifiedName } from '../../sql/identifier.ts'
import type { Session } from '../session.ts'

/** Valid ones, ordered by name. */
export async function standingIndexes(session: Session, tables: readonly QualifiedName[]): Promise<StandingIndex[]> {
  const { rows } = await session.query<StandingIndex>(query, [JSON.stringify(tables.map(({ schema, name }) => ({ schema, name })))])
  return rows
}

const query = `
  select json_build_object('schema', n.nspname, 'name', c.relname) as "table", x.relname as name, m.amname as method,
    (select json_agg(json_build_object(
        'text', coalesce(a.attname, pg_get_indexdef(i.indexrelid, k.place::int, true)),
        'direction', case when i.indoption[k.place::int - 1] & 1 = 1 then 'desc' else 'asc' end,
        'nulls', case when i.indoption[k.place::int - 1] & 2 = 2 then 'first' else 'last' end,
        'operatorClass', case when o.opcdefault then null else o.opcname end) order by k.place)
      from unnest(i.indkey) with ordinality k (attnum, place)
      join pg_catalog.pg_opclass o on o.oid = i.indclass[k.place::int - 1]
      left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum and k.attnum > 0
      where k.place <= i.indnkeyatts) as keys,
    (select coalesce(json_agg(a.attname order by k.place), '[]') from unnest(i.indkey) with ordinality k (attnum, place)
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where k.place > i.indnkeyatts) as include,
    pg_get_expr(i.indpred, i.indrelid) as where, i.indisunique as unique,
    i.indisreplident or exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid) as bound
  from json_to_recordset($1::json) w (schema text, name text)
  join pg_catalog.pg_namespace n on n.nspname = w.schema
  join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.name
  join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisvalid
  join pg_catalog.pg_class x on x.oid = i.indexrelid
  join pg_catalog.pg_am m on m.oid = x.relam
  where x.relname not like 'trr\\_db\\_candidate\\_%'
  order by n.nspname collate "C", c.relname collate "C", x.relname collate "C"`
