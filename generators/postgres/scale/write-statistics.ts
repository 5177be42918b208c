/** Puts sizes and statistics into the catalog. */
import type { StatisticSlot } from '../../design/measured.ts'
import type { Session } from '../session.ts'
import { type ColumnStatistics, arrayText } from './column-statistics.ts'

export interface ColumnRow extends ColumnStatistics {
  relation: number
  attribute: number
  /** Of a parent and all its partitions. */
  inherited: boolean
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
  await session.query(insert, [JSON.stringify(columns.map(({ slots, ...column }) => ({ ...column, slots: slots.map(written) })))])
}

const kinds = { common: 1, bounds: 2, correlation: 3, elements: 4, counts: 5 } as const satisfies Record<StatisticSlot['kind'], number>

function written({ kind, numbers, values }: StatisticSlot): { kind: number; numbers: number[] | null; values: string | null } {
  return { kind: kinds[kind], numbers, values: values === null ? null : arrayText(values) }
}

const places = [1, 2, 3, 4, 5]
const each = (write: (place: number) => string) => places.map(write).join(', ')

/** `slotN`: null where the type has no operator for it. Elements of a tsvector are texts. */
const insert = `
  insert into pg_catalog.pg_statistic (
    starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct,
    ${each((n) => `stakind${n}`)}, ${each((n) => `staop${n}`)}, ${each((n) => `stacoll${n}`)}, ${each((n) => `stanumbers${n}`)}, ${each((n) => `stavalues${n}`)})
  select w.relation, w.attribute, w.inherited, w.nullfrac, w.width, w."distinct",
    ${each((n) => `coalesce(s${n}.kind, 0)`)}, ${each((n) => `coalesce(s${n}.operator, 0)`)}, ${each((n) => `coalesce(s${n}.collation, 0)`)},
    ${each((n) => `s${n}.numbers`)}, ${each((n) => `case when s${n}.items is null then null else array_in(s${n}.items::cstring, s${n}.type, -1) end`)}
  from json_to_recordset($1::json) w (relation oid, attribute int2, inherited bool, nullfrac float4, width int4, "distinct" float4, slots json)
  join pg_catalog.pg_attribute a on a.attrelid = w.relation and a.attnum = w.attribute
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_type b on b.oid = t.typbasetype
  cross join lateral (select coalesce(b.oid, t.oid) as oid, case when coalesce(b.oid, t.oid) = 'tsvector'::regtype then 'text'::regtype::oid else coalesce(b.typelem, t.typelem) end as element) base
  left join lateral (${operatorsOf('base.oid')}) own on true
  left join lateral (${operatorsOf('base.element')}) held on true
  ${places.map(slotOf).join('')}`

function slotOf(place: number): string {
  return `
  left join lateral (
    select kind, operator, values as items, case when kind in (4, 5) then base.element else a.atttypid end as type,
      case when kind < 4 then a.attcollation when kind = 4 and a.attcollation <> 0 then a.attcollation when kind = 4 and base.element = 'text'::regtype then 100 else 0 end as collation,
      case when json_typeof(numbers) = 'array' then (select array_agg(e.number::float4 order by e.place) from json_array_elements_text(numbers) with ordinality e (number, place)) end as numbers
    from (select (w.slots -> ${place - 1} ->> 'kind')::int2 as kind, w.slots -> ${place - 1} -> 'numbers' as numbers, w.slots -> ${place - 1} ->> 'values' as values) given
    cross join lateral (select case kind when 1 then own.eq when 2 then own.lt when 3 then own.lt when 4 then held.eq when 5 then held.eq end as operator) known
    where operator is not null
  ) s${place} on true`
}

function operatorsOf(type: string): string {
  return `
    select max(p.amopopr) filter (where p.amopstrategy = 1) as lt, max(p.amopopr) filter (where p.amopstrategy = 3) as eq
    from pg_catalog.pg_type k
    join pg_catalog.pg_opclass o on o.opcmethod = 403 and o.opcdefault and o.opcintype =
      case when k.oid = 'varchar'::regtype then 'text'::regtype::oid when k.oid = 'cidr'::regtype then 'inet'::regtype::oid when k.typtype = 'e' then 'anyenum'::regtype::oid when k.typtype = 'r' then 'anyrange'::regtype::oid
        when k.typcategory = 'A' then 'anyarray'::regtype::oid else k.oid end
    join pg_catalog.pg_amop p on p.amopfamily = o.opcfamily and p.amoplefttype = o.opcintype and p.amoprighttype = o.opcintype
    where k.oid = ${type}`
}
