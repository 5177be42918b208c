import type { CatalogTrigger } from '../../design/catalog.ts'
import { relations } from './scope.ts'

export type TriggerRow = CatalogTrigger & { schema: string; table: string }

export const triggersQuery = `
  select n.nspname as schema, c.relname as "table", t.tgname as name, pg_get_triggerdef(t.oid) as definition,
    json_build_object('schema', fn.nspname, 'name', f.proname) as function
  from ${relations}
  join pg_catalog.pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal
  join pg_catalog.pg_proc f on f.oid = t.tgfoid
  join pg_catalog.pg_namespace fn on fn.oid = f.pronamespace
  order by n.nspname collate "C", c.relname collate "C", t.tgname collate "C"`
