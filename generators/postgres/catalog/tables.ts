import type { CatalogTable } from '../../design/catalog.ts'
import { apiRoles, relations } from './scope.ts'

export type TableRow = Pick<CatalogTable, 'schema' | 'name' | 'kind' | 'comment' | 'rowSecurity' | 'primaryKey' | 'privileges'>

/** MAINTAIN is a privilege from 17 on; asking 15 for it is an error. */
export function tablesQuery(serverVersion: number): string {
  const names = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', ...(serverVersion >= 170_000 ? ['MAINTAIN'] : [])]
  return `
  select n.nspname as schema, c.relname as name,
    case c.relkind when 'r' then 'table' when 'p' then 'partitioned' when 'v' then 'view' when 'm' then 'materialized view'
      else 'foreign table' end as kind,
    obj_description(c.oid, 'pg_class') as comment,
    c.relrowsecurity as "rowSecurity",
    array(
      select a.attname::text
      from pg_catalog.pg_index i, unnest(i.indkey) with ordinality k (attnum, place)
      join pg_catalog.pg_attribute a on a.attnum = k.attnum
      where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid and k.place <= i.indnkeyatts
      order by k.place
    ) as "primaryKey",
    (
      select coalesce(json_agg(json_build_object('role', g.rolname, 'privileges', g.held) order by g.rolname collate "C"), '[]')
      from (
        select r.rolname, array(
          select p.name from unnest(array[${names.map((name) => `'${name}'`).join(', ')}]) with ordinality p (name, place)
          where has_table_privilege(r.oid, c.oid, p.name) order by p.place
        ) as held
        from (${apiRoles}) r
      ) g
      where g.held <> '{}'
    ) as privileges
  from ${relations}
  order by n.nspname collate "C", c.relname collate "C"`
}
