import type { CatalogColumn } from '../../design/catalog.ts'
import { relations } from './scope.ts'

export type ColumnRow = CatalogColumn & { schema: string; table: string }

export const columnsQuery = `
  select n.nspname as schema, c.relname as "table", a.attname as name,
    format_type(a.atttypid, a.atttypmod) as type,
    not a.attnotnull as nullable,
    case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as default,
    case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
    a.attgenerated <> '' as generated,
    case when t.typtype = 'e' then array(
      select e.enumlabel::text from pg_catalog.pg_enum e where e.enumtypid = t.oid order by e.enumsortorder
    ) end as "enumLabels",
    col_description(c.oid, a.attnum) as comment
  from ${relations}
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  order by n.nspname collate "C", c.relname collate "C", a.attnum`
