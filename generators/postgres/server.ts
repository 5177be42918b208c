/** A server of our own, with the repository's history replayed. */
import { join } from 'node:path'
import { TrrError } from '../errors.ts'
import type { Catalog } from '../design/catalog.ts'
import { prepareBinaries } from './binaries.ts'
import type { Major } from '../design/sql-file.ts'
import type { Progress } from './binaries.ts'
import { clusterTemplate, historyDatabase } from './cluster.ts'
import { administration, copyDatabase } from './database.ts'
import type { Database } from './database.ts'
import { replayedHistory } from './history.ts'
import type { DefaultPrivileges } from './history.ts'
import { startPostmaster } from './postmaster.ts'
import type { SqlFile } from '../design/sql-file.ts'
import { loadParser } from '../sql/parser.ts'
import { loadDriver } from './session.ts'

export type { Progress } from './binaries.ts'
export type { Major } from '../design/sql-file.ts'
export type { Database } from './database.ts'
export type { DefaultPrivileges } from './history.ts'
export type { RunnerMode } from './replay.ts'
export type { SqlFile } from '../design/sql-file.ts'
export type { LoginRole, Notice, QueryOutcome, Session } from './session.ts'

/** A running server whose database `history` holds the Supabase shim and the replayed history. */
export interface ReplayedServer extends AsyncDisposable {
  readonly major: Major
  /** For example "17.10". */
  readonly version: string
  /** What the history database holds. */
  readonly catalog: Catalog
  /** A fresh database, copied from `history` or from another one whose sessions have ended. Dropped with the server. */
  createDatabase(options?: { from?: Database }): Promise<Database>
  /** Stops the server and removes its files. */
  stop(): Promise<void>
}

export interface ServerOptions {
  major: Major
  history: readonly SqlFile[]
  /** Files to leave out, by path or by name. */
  skip?: readonly string[]
  /** Applied after the history, each statement by itself. */
  seed?: readonly SqlFile[]
  privileges?: DefaultPrivileges
  /** How many databases `drop()` leaves to the end of the server, of some 10 MB each. */
  keepDatabases?: number
  progress?: Progress
  signal?: AbortSignal
}

/** Starts a server. The replayed history is cached: the second time nothing is replayed. */
export async function openServer(options: ServerOptions): Promise<ReplayedServer> {
  const { major, progress, signal, keepDatabases = 0 } = options
  try {
    const binaries = await prepareBinaries(major, progress)
    throwIfAborted(signal)
    const template = await clusterTemplate(binaries, progress)
    throwIfAborted(signal)
    const history = await replayedHistory(binaries, template, options)
    throwIfAborted(signal)
    // There is time while the server starts: whoever opens one talks to it, and sends it statements.
    const [postmaster] = await Promise.all([startPostmaster(binaries, join(history.directory, 'data')), loadDriver(), loadParser()])
    signal?.addEventListener('abort', () => void postmaster.stop(), { once: true })
    if (signal?.aborted) await postmaster.stop()
    throwIfAborted(signal)
    const databases = administration(postmaster.socket)
    let count = 0
    return {
      major,
      version: `${major}.${history.catalog.serverVersion % 10_000}`,
      catalog: history.catalog,
      createDatabase: ({ from } = {}) => copyDatabase(databases, from?.name ?? historyDatabase, `work_${(count += 1)}`, { keep: count <= keepDatabases }),
      stop: () => postmaster.stop(),
      [Symbol.asyncDispose]: () => postmaster.stop(),
    }
  } catch (error) {
    throw signal?.aborted ? interrupted(error) : error
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted(signal.reason)
}

function interrupted(cause: unknown): TrrError {
  return new TrrError({ code: 'INTERRUPTED', message: 'Interrupted; nothing was written.' }, { cause })
}
