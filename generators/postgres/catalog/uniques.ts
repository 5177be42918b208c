import type { CatalogUnique } from '../../design/catalog.ts'
import { relations } from './scope.ts'

export type UniqueRow = CatalogUnique & { schema: string; table: string }

// A deferrable constraint counts as a bare index: no foreign key may reference it.
export const uniquesQuery = `
  select n.nspname as schema, c.relname as "table", x.relname as name,
    array(
      select a.attname::text from unnest(i.indkey) with ordinality k (attnum, place)
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
      where k.place <= i.indnkeyatts order by k.place
    ) as columns,
    pg_get_expr(i.indpred, i.indrelid) as where,
    i.indnullsnotdistinct as "nullsNotDistinct",
    exists (
      select from pg_catalog.pg_constraint o where o.conindid = i.indexrelid and o.contype in ('p', 'u') and not o.condeferrable
    ) as constraint
  from ${relations}
  join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indexprs is null
  join pg_catalog.pg_class x on x.oid = i.indexrelid
  order by n.nspname collate "C", c.relname collate "C", x.relname collate "C"`
