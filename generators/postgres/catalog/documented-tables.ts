/** Tables as TRR's schema docs describe them. */
import type { DocumentedTable } from '../../design/documented-table.ts'
import type { Session } from '../session.ts'
import { ownSchema } from './scope.ts'

/**
 * Every table of the database, by name. Names are printed as the session sees them: open it as `postgres`, the role that
 * TRR's own generator connects as. Partitions are left out, as new ones come with time and not with a migration.
 */
export async function readDocumentedTables(session: Session): Promise<DocumentedTable[]> {
  const { rows } = await session.query<{ tables: DocumentedTable[] }>(`select coalesce(json_agg(q), '[]') as tables from (${tables}) q`)
  return rows[0]?.tables ?? []
}

const list = (sql: string) => `(select coalesce(json_agg(q), '[]') from (${sql}) q)`

// What information_schema.columns prints: without the length, and a domain as its base type.
const dataType = `
  case when b.typelem <> 0 and b.typlen = -1 then 'ARRAY'
    when b.typnamespace = 'pg_catalog'::regnamespace then format_type(b.oid, null) else 'USER-DEFINED' end`

const columns = `
  select a.attname as name, ${dataType} as "dataType", not (a.attnotnull or t.typnotnull) as nullable,
    case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as default,
    a.attidentity <> '' as identity, a.attgenerated <> '' as generated
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_type t on t.oid = a.atttypid
  join pg_catalog.pg_type b on b.oid = case t.typtype when 'd' then t.typbasetype else t.oid end
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  order by a.attnum`

const keyColumns = `
  select coalesce(json_agg(a.attname order by k.place), '[]') from unnest(o.conkey) with ordinality k (attnum, place)
  join pg_catalog.pg_attribute a on a.attrelid = o.conrelid and a.attnum = k.attnum`

const foreignKeys = `
  select o.conname as constraint, a.attname as column, format('%s.%s.%s', fn.nspname, f.relname, fa.attname) as references
  from pg_catalog.pg_constraint o
  join pg_catalog.pg_class f on f.oid = o.confrelid
  join pg_catalog.pg_namespace fn on fn.oid = f.relnamespace,
  unnest(o.conkey, o.confkey) with ordinality k (attnum, confattnum, place)
  join pg_catalog.pg_attribute a on a.attnum = k.attnum
  join pg_catalog.pg_attribute fa on fa.attnum = k.confattnum
  where o.conrelid = c.oid and o.contype = 'f' and a.attrelid = o.conrelid and fa.attrelid = o.confrelid
    and not exists (select from pg_catalog.pg_constraint p where p.oid = o.conparentid and p.conrelid = o.conrelid)
  order by o.conname collate "C", k.place`

const indexes = `
  select x.relname as name,
    (
      select json_agg(btrim(pg_get_indexdef(i.indexrelid, k, true), '"') order by k) from generate_series(1, i.indnkeyatts::int) k
    ) as keys,
    i.indisunique as unique, pg_get_indexdef(i.indexrelid) as definition
  from pg_catalog.pg_index i
  join pg_catalog.pg_class x on x.oid = i.indexrelid
  where i.indrelid = c.oid
  order by x.relname collate "C"`

const tables = `
  select n.nspname as schema, c.relname as name, ${list(columns)} as columns,
    coalesce((select (${keyColumns}) from pg_catalog.pg_constraint o where o.conrelid = c.oid and o.contype = 'p'), '[]') as "primaryKey",
    ${list(foreignKeys)} as "foreignKeys",
    (
      select coalesce(json_agg((${keyColumns}) order by o.conname collate "C"), '[]')
      from pg_catalog.pg_constraint o where o.conrelid = c.oid and o.contype = 'u'
    ) as "uniqueConstraints",
    ${list(indexes)} as indexes, c.relrowsecurity as "rowSecurity"
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${ownSchema('n.nspname')}
  where c.relkind in ('r', 'p') and not c.relispartition
  order by n.nspname collate "C", c.relname collate "C"`
