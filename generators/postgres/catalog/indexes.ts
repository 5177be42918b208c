import type { CatalogIndex } from '../../design/catalog.ts'
import { relations } from './scope.ts'

export type IndexRow = CatalogIndex & { schema: string; table: string }

export const indexesQuery = `
  select n.nspname as schema, c.relname as "table", x.relname as name,
    pg_get_indexdef(i.indexrelid) as definition,
    m.amname as method,
    array(
      select a.attname::text from unnest(i.indkey) with ordinality k (attnum, place)
      left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum and k.attnum > 0
      where k.place <= i.indnkeyatts order by k.place
    ) as columns,
    i.indisunique as unique,
    i.indisvalid as valid,
    pg_get_expr(i.indpred, i.indrelid) as where
  from ${relations}
  join pg_catalog.pg_index i on i.indrelid = c.oid
  join pg_catalog.pg_class x on x.oid = i.indexrelid
  join pg_catalog.pg_am m on m.oid = x.relam
  order by n.nspname collate "C", c.relname collate "C", x.relname collate "C"`
