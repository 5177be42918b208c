/** The data directory that every history starts from: initdb and the Supabase shim, built once per machine. */
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { TrrError } from '../errors.ts'
import { binary } from './binaries.ts'
import type { Binaries, Progress } from './binaries.ts'
import { buildOnce, cacheKey, cacheRoot, evict } from './cache.ts'
import { moveTree } from './copy-tree.ts'
import { readReferences } from './reference-files.ts'
import { startPostmaster } from './postmaster.ts'
import type { Postmaster } from './postmaster.ts'
import { giveToServerUser, serverUser } from './server-user.ts'
import { openSession } from './session.ts'
import type { Session } from './session.ts'

/** The database that holds the shim, and later the history. */
export const historyDatabase = 'history'

/** A stopped data directory, and what it depends on. */
export interface ClusterTemplate {
  data: string
  key: string
}

// ICU en-US is what Supabase's image initialises with. It matters to plans: under "C" a plain btree serves LIKE 'x%'.
// Small WAL segments: every command copies the directory.
const initdbFlags = [
  '--username=supabase_admin', '--auth=trust', '--no-sync', '--no-instructions', '--encoding=UTF8', '--locale=C',
  '--locale-provider=icu', '--icu-locale=en-US', '--wal-segsize=1',
]

/** The template of a major, built when it is missing. */
export async function clusterTemplate(binaries: Binaries, progress?: Progress): Promise<ClusterTemplate> {
  const shim = (await readReferences('supabase')).filter(({ name }) => /^\d/.test(name))
  const parts = [binaries.key, ...flagsOf(binaries), String(serverUser().uid ?? ''), ...shim.flatMap(({ name, sql }) => [name, sql])]
  const key = cacheKey(parts)
  const folder = join(cacheRoot(), 'clusters')
  const directory = await buildOnce(join(folder, `${binaries.major}-${key}`), async (staging) => {
    progress?.(`Preparing Postgres ${binaries.major} (once)`)
    await mkdir(staging, { mode: 0o755 })
    await giveToServerUser(staging)
    const fresh = join(staging, 'initdb')
    await initdb(binaries, fresh)
    const postmaster = await startPostmaster(binaries, fresh)
    try {
      await applyShim(postmaster, shim)
      await rm(fresh, { recursive: true })
      await postmaster.finish((data) => moveTree(data, join(staging, 'data')))
    } finally {
      await postmaster.stop()
    }
  })
  await evict(folder, { keep: 6 })
  return { data: join(directory, 'data'), key }
}

// Plans at scale write pages of their own; 15 and 17 have no checksums by default.
function flagsOf({ major }: Binaries): string[] {
  return major >= 18 ? [...initdbFlags, '--no-data-checksums'] : initdbFlags
}

async function initdb(binaries: Binaries, data: string): Promise<void> {
  const { execa } = await import('execa')
  const options = { ...serverUser(), cwd: binaries.directory, reject: false, env: { LC_ALL: 'C', TZ: 'UTC' } }
  const result = await execa(binary(binaries, 'initdb'), [...flagsOf(binaries), '-D', data], options)
  if (result.exitCode === 0) return chmod(data, 0o700)
  const said = result.stderr.split('\n').find((line) => line.includes('error')) ?? result.shortMessage
  const musl = result.code === 'ENOENT'
  throw new TrrError({
    code: 'SERVER_FAILED',
    message: musl ? 'The Postgres binaries do not start here: their loader, glibc, is missing.' : `initdb failed: ${said}`,
    remedy: musl ? 'Use a Debian-based image instead of Alpine.' : `Check that the cache is on a disk with room: ${cacheRoot()}`,
  })
}

async function applyShim(postmaster: Postmaster, shim: readonly { name: string; sql: string }[]): Promise<void> {
  const [roles, ...rest] = shim
  await using cluster = await openSession(postmaster.socket, 'postgres', 'supabase_admin')
  await cluster.query(roles?.sql ?? '')
  await cluster.query('alter database postgres owner to postgres')
  await cluster.query(`create database ${historyDatabase} owner postgres`)
  for (const database of ['postgres', historyDatabase]) {
    await cluster.query(`grant all on database ${database} to dashboard_user`)
  }
  await using session = await openSession(postmaster.socket, historyDatabase, 'supabase_admin')
  for (const { sql } of rest) await session.query(sql)
  await dropTemplates(cluster)
}

// Nobody copies them, and without them a command copies half as many files.
async function dropTemplates(cluster: Session): Promise<void> {
  await cluster.query('update pg_catalog.pg_database set datistemplate = false')
  for (const database of ['template0', 'template1']) await cluster.query(`drop database ${database}`)
}
