/** A proved database that stays up for a look around. */
import { createInterface } from 'node:readline/promises'
import type { GeneratedSql } from '../../design/sql-file.ts'
import { applyFiles } from '../../postgres/replay.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import type { CommandInput } from '../command.ts'

/** Applies the design to a database of its own, says how to connect, and waits for Enter. */
export async function keepDatabase({ terminal, signal }: CommandInput, server: ReplayedServer, sql: GeneratedSql): Promise<void> {
  const database = await server.createDatabase()
  await applyFiles(database, sql.migrations)
  const socket = await socketDirectory(database)
  terminal.print(`The database is up, with ${sql.migrations.length} new files applied. Connect with:

  psql "host=${socket} dbname=${database.name} user=postgres"

As a client of the API:  set role authenticated; set request.jwt.claims to '{"sub":"<user id>","role":"authenticated"}';`)
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    await lines.question('\nEnter or Ctrl-C stops it. ', { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    lines.close()
  }
}

async function socketDirectory(database: Awaited<ReturnType<ReplayedServer['createDatabase']>>): Promise<string> {
  await using session = await database.connect({ user: 'supabase_admin' })
  const { rows } = await session.query<{ directory: string }>(`select current_setting('unix_socket_directories') as directory`)
  return rows[0]?.directory ?? ''
}
