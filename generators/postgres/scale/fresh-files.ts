/** Empty relations in new files, of which the server holds no page in memory. */
import { qualified } from '../../sql/identifier.ts'
import type { Session } from '../session.ts'
import type { TouchedTable } from './touched-relations.ts'

/** Rows of the history go, also those of tables that refer to these: nothing is read in such a database. Triggers do not fire. */
export async function emptyTables(session: Session, tables: readonly TouchedTable[]): Promise<void> {
  const ordinary = tables.filter(({ kind }) => kind !== 'materialized view')
  if (ordinary.length === 0) return
  // Otherwise the server reads small new files again, to log them.
  await session.query('set wal_skip_threshold = 0; set session_replication_role = replica')
  await session.query(`truncate ${ordinary.map((table) => qualified(table)).join(', ')} cascade`)
  await session.query('reset session_replication_role')
}
