/** Puts sizes and statistics into the catalog. */
import type { Session } from '../session.ts'
import type { ColumnStatistics } from './column-statistics.ts'

export interface ColumnRow extends ColumnStatistics {
  relation: number
  attribute: number
}

export interface RelationRow {
  relation: number
  pages: number
  rows: number
  /** Pages whose rows everybody sees: without them no plan reads an index alone. */
  visible: number
}

/**
 * What an import of statistics does from 18 on, in one statement for every major: `array_in` reads the values as the type
 * of the column. The operators are those of the type's default btree class, where domains, enums and arrays have the
 * class of what they are made of.
 */
export async function writeStatistics(session: Session, relations: readonly RelationRow[], columns: readonly ColumnRow[]): Promise<void> {
  await session.query(
    `update pg_catalog.pg_class c set relpages = w.pages, reltuples = w.rows, relallvisible = w.visible
     from json_to_recordset($1::json) w (relation oid, pages int4, rows float4, visible int4) where c.oid = w.relation`,
    [JSON.stringify(relations)],
  )
  await session.query('delete from pg_catalog.pg_statistic where starelid = any (select (w ->> $2)::oid from json_array_elements($1::json) w)', [JSON.stringify(relations), 'relation'])
  await session.query(insert, [JSON.stringify(columns)])
}

const insert = `
  insert into pg_catalog.pg_statistic (
    starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct,
    stakind1, stakind2, stakind3, stakind4, stakind5, staop1, staop2, staop3, staop4, staop5, stacoll1, stacoll2, stacoll3, stacoll4, stacoll5,
    stanumbers1, stanumbers2, stanumbers3, stanumbers4, stanumbers5, stavalues1, stavalues2, stavalues3, stavalues4, stavalues5)
  select w.relation, w.attribute, false, w.nullfrac, w.width, w."distinct",
    case when w.common is null or eq is null then 0 else 1 end, case when w.bounds is null or lt is null then 0 else 2 end, case when w.correlation is null or lt is null then 0 else 3 end, 0, 0,
    case when w.common is null then 0 else coalesce(eq, 0) end, case when w.bounds is null then 0 else coalesce(lt, 0) end, case when w.correlation is null then 0 else coalesce(lt, 0) end, 0, 0,
    case when w.common is null then 0 else a.attcollation end, case when w.bounds is null then 0 else a.attcollation end, case when w.correlation is null then 0 else a.attcollation end, 0, 0,
    case when w.common is null or eq is null then null else (select array_agg(s::float4 order by place) from json_array_elements_text(w.shares) with ordinality e (s, place)) end,
    null, case when w.correlation is null or lt is null then null else array[w.correlation] end, null, null,
    case when w.common is null or eq is null then null else array_in(w.common::cstring, a.atttypid, -1) end,
    case when w.bounds is null or lt is null then null else array_in(w.bounds::cstring, a.atttypid, -1) end, null, null, null
  from json_to_recordset($1::json) w (relation oid, attribute int2, nullfrac float4, width int4, "distinct" float4, common text, shares json, bounds text, correlation float4)
  join pg_catalog.pg_attribute a on a.attrelid = w.relation and a.attnum = w.attribute
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_type b on b.oid = t.typbasetype
  cross join lateral (select coalesce(b.oid, t.oid) as oid, coalesce(b.typtype, t.typtype) as kind, coalesce(b.typcategory, t.typcategory) as category) base
  left join pg_catalog.pg_opclass o on o.opcmethod = 403 and o.opcdefault and o.opcintype =
    case when base.oid = 'varchar'::regtype then 'text'::regtype::oid when base.kind = 'e' then 'anyenum'::regtype::oid when base.category = 'A' then 'anyarray'::regtype::oid else base.oid end
  left join lateral (
    select max(p.amopopr) filter (where p.amopstrategy = 1) as lt, max(p.amopopr) filter (where p.amopstrategy = 3) as eq
    from pg_catalog.pg_amop p where p.amopfamily = o.opcfamily and p.amoplefttype = o.opcintype and p.amoprighttype = o.opcintype
  ) op on true`
