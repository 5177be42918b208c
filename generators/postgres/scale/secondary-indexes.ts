import type { QualifiedName } from '../../sql/identifier.ts'
import type { Session } from '../session.ts'

/**
 * All indexes but primary keys, and those of the server itself. A plan is held to the indexes that it reads by looking
 * away from the others; what a primary key says of the rows stays known.
 */
export async function secondaryIndexes(session: Session): Promise<QualifiedName[]> {
  const { rows } = await session.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where not i.indisprimary and n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema') order by 1, 2`,
  )
  return rows
}
