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
import { applyFiles, inOrder } from './replay.ts'
import type { SqlFile } from '../design/sql-file.ts'
import { giveToServerUser } from './server-user.ts'

/**
 * What the API roles get on new public tables. `legacy`: ALL. `explicit`: nothing, every project since 2026-10-30; what ran
 * earlier in a project that is older than that got ALL all the same.
 */
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
const catalogFormat = '2'
const keptHistories = 8

/** The history of these options, replayed when it is not in the cache. */
export async function replayedHistory(binaries: Binaries, template: ClusterTemplate, options: HistoryOptions): Promise<ReplayedHistory> {
  const { history, skip = [], seed = [], privileges = 'explicit' } = options
  const files = history.filter((file) => !isSkipped(file, skip))
  const references = await readReferences('supabase')
  const world = (name: DefaultPrivileges) => references.find((file) => file.name === `privileges-${name}.sql`)?.sql ?? ''
  const worlds = { before: world('legacy'), after: world(privileges), early: privileges === 'legacy' ? 0 : earlyFiles(files) }
  const parts = [catalogFormat, template.key, worlds.before, worlds.after, ...[...files, { path: '', sql: '' }, ...seed].flatMap(({ path, sql }) => [path, sql])]
  const folder = join(cacheRoot(), 'histories')
  const directory = await buildOnce(join(folder, cacheKey(parts)), (staging) =>
    replay(binaries, template, { ...options, worlds, files, seed, staging }),
  )
  await evict(folder, { keep: keptHistories })
  return { directory, catalog: JSON.parse(await readFile(join(directory, 'catalog.json'), 'utf8')) as Catalog }
}

interface Replay extends HistoryOptions {
  worlds: { before: string; after: string; early: number }
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

async function fill(database: Database, { worlds, files, seed }: Replay): Promise<Catalog> {
  await using admin = await database.connect({ user: 'supabase_admin' })
  const ordered = inOrder(files)
  await withStorageDeletes(admin.query, async () => {
    if (worlds.early > 0) {
      await admin.query(worlds.before)
      await applyFiles(database, ordered.slice(0, worlds.early))
    }
    await admin.query(worlds.after)
    await applyFiles(database, ordered.slice(worlds.early))
  })
  await applyFiles(database, seed, { mode: 'serial' })
  await carryDatabaseSettings(admin.query)
  return await readCatalog(admin)
}

/**
 * How many of the files ran while new public tables were open to the API roles: until 2026-10-30 in projects from before
 * 2026-05-30. The numbers tell when, as far as they are dates; a history without dates is taken for an old one.
 */
function earlyFiles(files: readonly SqlFile[]): number {
  const dates = inOrder(files).map(({ path }) => /(?:^|\/)(20\d{6})\d{6}_[^/]*$/.exec(path)?.[1])
  const isNewProject = (dates[0] ?? '') >= '20260530'
  if (isNewProject) return 0
  const late = dates.findIndex((date) => (date ?? '') >= '20261030')
  return late === -1 ? dates.length : late
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
