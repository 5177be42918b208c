/** The repository's migrations, replayed once and kept: a data directory and its catalog. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog } from '../design/catalog.ts'
import type { Binaries, Progress } from './binaries.ts'
import { buildOnce, cacheKey, cacheRoot, evict } from './cache.ts'
import { readCatalog } from './catalog/catalog.ts'
import { historyDatabase } from './cluster.ts'
import type { ClusterTemplate } from './cluster.ts'
import { moveTree } from './copy-tree.ts'
import { databaseHandle } from './database.ts'
import type { Database } from './database.ts'
import { readReferences } from './reference-files.ts'
import { startPostmaster } from './postmaster.ts'
import { applyFiles } from './replay.ts'
import type { SqlFile } from '../design/sql-file.ts'
import { giveToServerUser } from './server-user.ts'

/** `legacy`: API roles get ALL on new public tables. `explicit`: nothing, every project since 2026-10-30. */
export type DefaultPrivileges = 'legacy' | 'explicit'

/** A replayed history in the cache. */
export interface ReplayedHistory {
  directory: string
  catalog: Catalog
}

interface HistoryOptions {
  history: readonly SqlFile[]
  skip?: readonly string[]
  seed?: readonly SqlFile[]
  privileges?: DefaultPrivileges
  progress?: Progress
  signal?: AbortSignal
}

// Raised when the catalog's shape or its queries change: the cached catalog would lie.
const catalogFormat = '1'
const keptHistories = 8

/** The history of these options, replayed when it is not in the cache. */
export async function replayedHistory(binaries: Binaries, template: ClusterTemplate, options: HistoryOptions): Promise<ReplayedHistory> {
  const { history, skip = [], seed = [], privileges = 'explicit' } = options
  const files = history.filter((file) => !isSkipped(file, skip))
  const world = (await readReferences('supabase')).find(({ name }) => name === `privileges-${privileges}.sql`)?.sql ?? ''
  const parts = [catalogFormat, template.key, world, ...[...files, { path: '', sql: '' }, ...seed].flatMap(({ path, sql }) => [path, sql])]
  const folder = join(cacheRoot(), 'histories')
  const directory = await buildOnce(join(folder, cacheKey(parts)), (staging) =>
    replay(binaries, template, { ...options, world, files, seed, staging }),
  )
  await evict(folder, { keep: keptHistories })
  return { directory, catalog: JSON.parse(await readFile(join(directory, 'catalog.json'), 'utf8')) as Catalog }
}

interface Replay extends HistoryOptions {
  world: string
  files: readonly SqlFile[]
  seed: readonly SqlFile[]
  staging: string
}

async function replay(binaries: Binaries, template: ClusterTemplate, plan: Replay): Promise<void> {
  if (plan.files.length > 0) plan.progress?.(`Replaying ${plan.files.length} migrations on Postgres ${binaries.major}`)
  const postmaster = await startPostmaster(binaries, template.data)
  const abort = () => void postmaster.stop()
  plan.signal?.addEventListener('abort', abort, { once: true })
  try {
    // An abort while the server started came before the listener.
    plan.signal?.throwIfAborted()
    const database = databaseHandle(postmaster.socket, historyDatabase)
    const catalog = await fill(database, plan)
    await mkdir(plan.staging, { mode: 0o755 })
    await giveToServerUser(plan.staging)
    await writeFile(join(plan.staging, 'catalog.json'), JSON.stringify(catalog))
    await postmaster.finish((data) => moveTree(data, join(plan.staging, 'data')))
  } finally {
    plan.signal?.removeEventListener('abort', abort)
    await postmaster.stop()
  }
}

async function fill(database: Database, { world, files, seed }: Replay): Promise<Catalog> {
  await using admin = await database.connect({ user: 'supabase_admin' })
  await admin.query(world)
  await withStorageDeletes(admin.query, () => applyFiles(database, files))
  await applyFiles(database, seed, { mode: 'serial' })
  await carryDatabaseSettings(admin.query)
  return await readCatalog(admin)
}

// Histories from before 2025-10 delete from storage.objects by SQL. They ran when it was allowed; a new file may not.
async function withStorageDeletes(query: (sql: string) => Promise<unknown>, run: () => Promise<void>): Promise<void> {
  await query(`alter database ${historyDatabase} set storage.allow_delete_query = 'true'`)
  await run()
  await query(`alter database ${historyDatabase} reset storage.allow_delete_query`)
}

// Migrations say `alter database postgres set …`: that is the name of the database on Supabase.
async function carryDatabaseSettings(query: (sql: string) => Promise<unknown>): Promise<void> {
  await query(`
    insert into pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
    select t.oid, s.setrole, s.setconfig
    from pg_catalog.pg_db_role_setting s
    join pg_catalog.pg_database d on d.oid = s.setdatabase and d.datname = 'postgres'
    join pg_catalog.pg_database t on t.datname = '${historyDatabase}'
    where not exists (
      select from pg_catalog.pg_db_role_setting o where o.setdatabase = t.oid and o.setrole = s.setrole
    )`)
}

function isSkipped({ path }: SqlFile, skip: readonly string[]): boolean {
  return skip.some((name) => path === name || path.endsWith(`/${name.replace(/^\.\//, '')}`))
}
