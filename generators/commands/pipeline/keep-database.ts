/** A proved database that stays up for a look around. */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
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

Then, to be a client of the API:

  set role authenticated;
  set request.jwt.claims to '{"sub":"<user id>","role":"authenticated"}';`)
  terminal.print(process.stdin.isTTY ? '\nEnter or Ctrl-C stops it.' : '\nSIGINT stops it.')
  await enterOrInterrupt(signal)
}

/** Without a terminal only a signal ends it: stdin may be closed from the beginning. */
async function enterOrInterrupt(signal: AbortSignal): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  if (!process.stdin.isTTY) {
    // A pending promise alone does not keep the process alive.
    const alive = setInterval(() => undefined, 60_000)
    return interrupted.finally(() => clearInterval(alive))
  }
  const lines = createInterface({ input: process.stdin })
  try {
    await Promise.race([interrupted, once(lines, 'line')])
  } finally {
    lines.close()
  }
}

async function socketDirectory(database: Awaited<ReturnType<ReplayedServer['createDatabase']>>): Promise<string> {
  await using session = await database.connect({ user: 'supabase_admin' })
  const { rows } = await session.query<{ directory: string }>(`select current_setting('unix_socket_directories') as directory`)
  return rows[0]?.directory ?? ''
}
