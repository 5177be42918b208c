import type { CatalogUnique } from '../../design/catalog.ts'
import { relations } from './scope.ts'

export type UniqueRow = CatalogUnique & { schema: string; table: string }

// What the server asks of the index behind a foreign key (transformFkeyCheckAttrs): no constraint, but neither a condition nor
// a check that may wait.
export const uniquesQuery = `
  select n.nspname as schema, c.relname as "table", x.relname as name,
    array(
      select a.attname::text from unnest(i.indkey) with ordinality k (attnum, place)
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
      where k.place <= i.indnkeyatts order by k.place
    ) as columns,
    pg_get_expr(i.indpred, i.indrelid) as where,
    i.indnullsnotdistinct as "nullsNotDistinct",
    i.indimmediate and i.indpred is null as referencable
  from ${relations}
  join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indexprs is null
  join pg_catalog.pg_class x on x.oid = i.indexrelid
  order by n.nspname collate "C", c.relname collate "C", x.relname collate "C"`
