import { apiRoles, ownSchema } from './scope.ts'

export const schemasQuery = `
  select n.nspname as name,
    array(select r.rolname::text from (${apiRoles}) r where has_schema_privilege(r.oid, n.oid, 'usage') order by 1) as usage
  from pg_catalog.pg_namespace n
  where ${ownSchema('n.nspname')}
  order by n.nspname collate "C"`
