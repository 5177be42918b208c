/** Event triggers need a superuser; on Supabase the extension supautils lets `postgres` create them all the same. */
import type { Statement } from '../sql/parser.ts'
import type { Database } from './database.ts'

const kinds = new Set(['CreateEventTrigStmt', 'AlterEventTrigStmt'])

/** Runs a file that holds such a statement with `postgres` as superuser, and every other file as it is. */
export async function withEventTriggerRights(database: Database, statements: readonly Statement[], run: () => Promise<void>): Promise<void> {
  if (!statements.some(({ kind }) => kinds.has(kind))) return run()
  await using admin = await database.connect({ user: 'supabase_admin' })
  await admin.query('alter role postgres superuser')
  try {
    await run()
  } finally {
    await admin.query('alter role postgres nosuperuser')
  }
}
