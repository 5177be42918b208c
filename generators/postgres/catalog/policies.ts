import type { CatalogPolicy } from '../../design/catalog.ts'
import { relations } from './scope.ts'

export type PolicyRow = CatalogPolicy & { schema: string; table: string }

// Role 0 is PUBLIC.
export const policiesQuery = `
  select n.nspname as schema, c.relname as "table", p.polname as name,
    case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as command,
    p.polpermissive as permissive,
    array(
      select coalesce(r.rolname::text, 'public') from unnest(p.polroles) k (oid)
      left join pg_catalog.pg_roles r on r.oid = k.oid order by 1
    ) as roles,
    pg_get_expr(p.polqual, p.polrelid) as using,
    pg_get_expr(p.polwithcheck, p.polrelid) as check
  from ${relations}
  join pg_catalog.pg_policy p on p.polrelid = c.oid
  order by n.nspname collate "C", c.relname collate "C", p.polname collate "C"`
