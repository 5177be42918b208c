import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openServer } from '../../generators/postgres/server.ts'
import type { Major, ReplayedServer } from '../../generators/postgres/server.ts'

const majors: Major[] = [15, 17, 18]

describe.each(majors)('server %i', (major) => {
  let server: ReplayedServer
  beforeAll(async () => {
    server = await openServer({ major, history: [] })
  }, 180_000)
  afterAll(() => server?.stop())

  test('is the version that was asked for', async () => {
    await using session = await (await server.createDatabase()).connect()
    const { rows } = await session.query<{ version: string }>("select current_setting('server_version') as version")
    expect(rows).toEqual([{ version: server.version }])
    expect(server.version).toMatch(new RegExp(`^${major}\\.\\d+$`))
    expect(Math.floor(server.catalog.serverVersion / 10_000)).toBe(major)
  })

  test('a session is the migration role on a database that it owns', async () => {
    const database = await server.createDatabase()
    await using session = await database.connect()
    const { rows } = await session.query(`
      select current_user::text as caller, pg_get_userbyid(datdba)::text as owner, current_setting('is_superuser') as superuser
      from pg_database where datname = current_database()`)
    expect(rows).toEqual([{ caller: 'postgres', owner: 'postgres', superuser: 'off' }])
  })

  test('listens on no network address and plans without jit or workers', async () => {
    await using session = await (await server.createDatabase()).connect()
    const names = ['listen_addresses', 'fsync', 'jit', 'max_parallel_workers_per_gather', 'autovacuum', 'TimeZone']
    const { rows } = await session.query<{ setting: string }>(
      'select setting from unnest($1::text[]) with ordinality n (name, place) join pg_settings s on lower(s.name) = lower(n.name) order by place',
      [names],
    )
    expect(rows.map(({ setting }) => setting)).toEqual(['', 'off', 'off', '0', 'off', 'UTC'])
  })

  test('pgTAP can be created by the migration role', async () => {
    const { installPgtap } = await import('../../generators/postgres/pgtap.ts')
    await using session = await (await server.createDatabase()).connect()
    await installPgtap(session)
    await session.query('select plan(1)')
    const { rows } = await session.query<{ line: string }>("select ok(true, 'works') as line")
    expect(rows).toEqual([{ line: 'ok 1 - works' }])
  })
})

describe('databases and sessions', () => {
  let server: ReplayedServer
  beforeAll(async () => {
    server = await openServer({ major: 17, history: [] })
  }, 180_000)
  afterAll(() => server?.stop())

  test('a copy has the rows, the settings and the privileges of its source, and its own life', async () => {
    const first = await server.createDatabase()
    await using admin = await first.connect({ user: 'supabase_admin' })
    await admin.query(`create table t (a int); insert into t values (1); alter database ${first.name} set work_mem = '7MB'`)
    await admin.query(`revoke connect on database ${first.name} from public`)
    await admin.end()
    const second = await server.createDatabase({ from: first })
    await using copy = await second.connect()
    expect((await copy.query("select a, current_setting('work_mem') as mem from t")).rows).toEqual([{ a: 1, mem: '7MB' }])
    const { rows } = await copy.query("select has_database_privilege('anon', current_database(), 'connect') as connect")
    expect(rows).toEqual([{ connect: false }])
    await copy.query('drop table if exists nothing')
    await using again = await first.connect({ user: 'supabase_admin' })
    await again.query('delete from t')
    expect((await copy.query('select count(*) as n from t')).rows).toEqual([{ n: 1 }])
    await second.drop()
    await expect(second.connect()).rejects.toThrow('does not exist')
  })

  test('values are text, numbers, booleans and parsed JSON, never dates', async () => {
    await using session = await (await server.createDatabase()).connect()
    const { rows } = await session.query(`
      select 7::bigint as small, 9007199254740993::bigint as big, 1.10::numeric as exact, 1.5::float8 as float, true as yes,
        '{"a": [1]}'::jsonb as json, timestamptz '2026-01-02 03:04:05+00' as at, date '2026-01-02' as day, interval '1 day' as span,
        '\\x01ff'::bytea as bytes, array[1, null]::bigint[] as longs, array['a', null] as texts, array[true, false] as flags`)
    expect(rows).toEqual([{
      small: 7, big: '9007199254740993', exact: '1.10', float: 1.5, yes: true, json: { a: [1] }, at: '2026-01-02 03:04:05+00',
      day: '2026-01-02', span: '1 day', bytes: '\\x01ff', longs: [1, null], texts: ['a', null], flags: [true, false],
    }])
  })

  test('a script answers with its last result, and notices are kept until they are taken', async () => {
    await using session = await (await server.createDatabase()).connect()
    expect(await session.query('select 1 as a; select 2 as b')).toEqual({ rows: [{ b: 2 }], rowCount: 1 })
    await session.query("do $$ begin raise warning 'look'; end $$")
    expect(session.takeNotices()).toEqual([{ severity: 'WARNING', code: '01000', message: 'look' }])
    expect(session.takeNotices()).toEqual([])
  })

  test('the state of the transaction is known, also right after an error', async () => {
    await using session = await (await server.createDatabase()).connect()
    expect(session.transaction).toBe('none')
    await session.query('begin')
    expect(session.transaction).toBe('open')
    await expect(session.query('select 1/0')).rejects.toMatchObject({ code: '22012' })
    expect(session.transaction).toBe('failed')
    await session.query('rollback')
    expect(session.transaction).toBe('none')
  })
})

test('two servers at once do not meet', async () => {
  const servers = await Promise.all([openServer({ major: 17, history: [] }), openServer({ major: 17, history: [] })])
  const names = await Promise.all(servers.map(async (server, index) => {
    await using session = await (await server.createDatabase()).connect()
    await session.query(`create table only_here_${index} ()`)
    const { rows } = await session.query<{ name: string; socket: string }>(
      "select tablename as name, current_setting('unix_socket_directories') as socket from pg_tables where schemaname = 'public'",
    )
    return rows
  }))
  expect(names.flat().map(({ name }) => name)).toEqual(['only_here_0', 'only_here_1'])
  const sockets = names.flat().map(({ socket }) => socket)
  expect(new Set(sockets).size).toBe(2)
  await Promise.all(servers.map((server) => server.stop()))
  expect(sockets.filter((socket) => existsSync(socket))).toEqual([])
})

test('an abort ends the command with its own exit code', async () => {
  const controller = new AbortController()
  controller.abort()
  await expect(openServer({ major: 17, history: [], signal: controller.signal })).rejects.toMatchObject({
    exitCode: 130,
    issues: [{ code: 'INTERRUPTED' }],
  })
})
