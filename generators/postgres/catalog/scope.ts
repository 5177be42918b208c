/** What every catalog query leaves out, and the roles that they ask about. */

/** True for a schema of the database's own, by a column that holds its name. */
export function ownSchema(column: string): string {
  return `${column} not in ('pg_catalog', 'information_schema') and ${column} !~ '^pg_(toast|temp)'`
}

/** The roles of the Data API, as a query of (oid, rolname); a server that is no Supabase has none. */
export const apiRoles = "select oid, rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated', 'service_role')"

/** Tables, views and their kin: `c` is pg_class, `n` its schema. */
export const relations = `pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${ownSchema('n.nspname')}
  and c.relkind in ('r', 'p', 'v', 'm', 'f')`
