/** One server process on a data directory of its own. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TrrError } from '../errors.ts'
import { binary } from './binaries.ts'
import type { Binaries } from './binaries.ts'
import { copyTree } from './copy-tree.ts'
import { createRunDirectory, sweepRunDirectories } from './run-directory.ts'
import type { RunDirectory } from './run-directory.ts'
import { startWatchdog } from './watchdog.ts'

/** A running server. */
export interface Postmaster {
  /** Directory of the unix socket. */
  readonly socket: string
  readonly data: string
  /** Stops cleanly, hands over the data directory, then removes what is left of the run. */
  finish(keep: (data: string) => Promise<void>): Promise<void>
  /** Stops at once; nothing stays. Safe to call twice. */
  stop(): Promise<void>
}

// Durability off: the data is a copy. Autovacuum off: it would change statistics in the middle of a proof.
const settings: Record<string, string> = {
  listen_addresses: '',
  port: '5432',
  unix_socket_permissions: '0700',
  max_connections: '50',
  shared_buffers: '64MB',
  // The default is /dev/shm, which containers make too small.
  dynamic_shared_memory_type: 'mmap',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '512MB',
  min_wal_size: '2MB',
  wal_recycle: 'off',
  'pg_stat_statements.save': 'off',
  checkpoint_timeout: '1d',
  autovacuum: 'off',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_logical_replication_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'fatal',
  shared_preload_libraries: 'pg_stat_statements',
}

const startTimeout = 60_000

/** Starts a server on a copy of `data`. */
export async function startPostmaster(binaries: Binaries, data: string): Promise<Postmaster> {
  await sweepRunDirectories()
  const run = await createRunDirectory()
  const own = join(run.path, 'data')
  await copyTree(data, own)
  const options = { ...settings, ...(binaries.major >= 18 ? { io_method: 'sync' } : {}), unix_socket_directories: run.socket }
  const flags = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const watchdog = await startWatchdog(run, [binary(binaries, 'postgres'), '-D', own, ...flags])
  const stop = async () => watchdog.release()
  try {
    await ready(run, watchdog.stopped)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    socket: run.socket,
    data: own,
    stop,
    async finish(keep) {
      await watchdog.stopCleanly()
      await keep(own)
      await stop()
    },
  }
}

// Line 8 of postmaster.pid is what pg_ctl waits for.
async function ready(run: RunDirectory, stopped: Promise<void>): Promise<void> {
  const ended = stopped.then(() => true)
  const deadline = Date.now() + startTimeout
  for (;;) {
    const status = (await readFile(join(run.path, 'data', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[7]
    if (status?.trim() === 'ready') return
    if (await Promise.race([ended, sleep(4, false)])) throw await startFailure(run, 'ended while it started')
    if (Date.now() > deadline) throw await startFailure(run, `was not ready after ${startTimeout / 1000} s`)
  }
}

async function startFailure(run: RunDirectory, what: string): Promise<TrrError> {
  const log = (await readFile(join(run.path, 'log'), 'utf8').catch(() => '')).trim()
  const reason = log.split('\n').find((line) => /FATAL|PANIC|ERROR|not found|No such file/.test(line)) ?? log.split('\n').at(-1)
  // On musl the program exists and its loader, glibc's, does not.
  const musl = /not found|No such file/.test(log) && !log.includes('FATAL')
  return new TrrError({
    code: 'SERVER_FAILED',
    message: `The Postgres server ${what}${reason ? `: ${reason}` : '.'}`,
    remedy: musl ? 'The binaries need glibc: use a Debian-based image instead of Alpine.' : 'Try again; if it stays, delete the cache directory of trr-db.',
  })
}
