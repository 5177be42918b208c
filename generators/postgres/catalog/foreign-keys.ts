import type { CatalogForeignKey } from '../../design/catalog.ts'
import { relations } from './scope.ts'

export type ForeignKeyRow = CatalogForeignKey & { schema: string; table: string }

// A key that references a partitioned table has one more row per partition, whose parent lies on the same table.
export const foreignKeysQuery = `
  select n.nspname as schema, c.relname as "table", o.conname as name,
    array(
      select a.attname::text from unnest(o.conkey) with ordinality k (attnum, place)
      join pg_catalog.pg_attribute a on a.attrelid = o.conrelid and a.attnum = k.attnum order by k.place
    ) as columns,
    json_build_object(
      'schema', fn.nspname, 'table', f.relname,
      'columns', array(
        select a.attname::text from unnest(o.confkey) with ordinality k (attnum, place)
        join pg_catalog.pg_attribute a on a.attrelid = o.confrelid and a.attnum = k.attnum order by k.place
      )
    ) as references,
    case o.confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set null'
      else 'set default' end as "onDelete"
  from ${relations}
  join pg_catalog.pg_constraint o on o.conrelid = c.oid and o.contype = 'f'
  join pg_catalog.pg_class f on f.oid = o.confrelid
  join pg_catalog.pg_namespace fn on fn.oid = f.relnamespace
  where not exists (select from pg_catalog.pg_constraint p where p.oid = o.conparentid and p.conrelid = o.conrelid)
  order by n.nspname collate "C", c.relname collate "C", o.conname collate "C"`
