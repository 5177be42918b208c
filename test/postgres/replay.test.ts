import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TrrError } from '../../generators/errors.ts'
import { applyFiles } from '../../generators/postgres/replay.ts'
import { openServer } from '../../generators/postgres/server.ts'
import type { Database, ReplayedServer, RunnerMode } from '../../generators/postgres/server.ts'

const modes: RunnerMode[] = ['transaction', 'pipeline', 'serial']
let server: ReplayedServer
beforeAll(async () => {
  server = await openServer({ major: 17, history: [] })
})
afterAll(() => server?.stop())

const file = (sql: string, path = 'supabase/migrations/0001_a.sql') => ({ path, sql })

async function apply(sql: string, mode: RunnerMode = 'transaction'): Promise<{ database: Database; error: TrrError | undefined }> {
  const database = await server.createDatabase()
  const error = await applyFiles(database, [file(sql)], { mode }).then(() => undefined, (cause: unknown) => cause)
  if (error !== undefined && !(error instanceof TrrError)) throw error
  return { database, error }
}

async function tables(database: Database): Promise<string[]> {
  await using session = await database.connect()
  const { rows } = await session.query<{ name: string }>("select tablename as name from pg_tables where schemaname = 'public' order by 1")
  return rows.map(({ name }) => name)
}

async function indexes(database: Database): Promise<Record<string, boolean>> {
  await using session = await database.connect()
  const { rows } = await session.query<{ name: string; valid: boolean }>(
    "select indexrelid::regclass::text as name, indisvalid as valid from pg_index where indrelid = 't'::regclass order by 1",
  )
  return Object.fromEntries(rows.map(({ name, valid }) => [name, valid]))
}

describe('an error', () => {
  test('names file, line and column, shows the line, and offers to skip the file', async () => {
    const { error } = await apply("create table a (id int);\n\n  -- größer 😀\n  select '😀', missing from a;\n")
    expect(error?.exitCode).toBe(3)
    expect(error?.message).toBe(
      [
        'supabase/migrations/0001_a.sql:4:16  REPLAY_FAILED  column "missing" does not exist.',
        "      select '😀', missing from a;",
        '                   ^',
        '  Leave the file out if it does not belong to the history: --skip supabase/migrations/0001_a.sql',
      ].join('\n'),
    )
  })

  test('carries detail and hint of the server', async () => {
    const { error } = await apply("create table a (id int primary key);\ninsert into a values (1), (1);")
    expect(error?.issues).toMatchObject([{
      code: 'REPLAY_FAILED',
      message: 'duplicate key value violates unique constraint "a_pkey". Detail: Key (id)=(1) already exists.',
      place: { file: 'supabase/migrations/0001_a.sql', line: 2, column: 1 },
    }])
  })

  test('about what no migration creates says how that happens', async () => {
    for (const sql of ['alter table leads add column ip text', 'create table crm.leads (id int)']) {
      expect((await apply(sql)).error?.issues[0]?.remedy).toMatch(/^No migration before it creates that\. .*\nLeave the file out/)
    }
  })

  test('of the syntax has its place too', async () => {
    const { error } = await apply('create table a (id int);\ncreate tabel b ();')
    expect(error?.issues).toMatchObject([{ code: 'REPLAY_FAILED', message: 'syntax error at or near "tabel".', place: { line: 2, column: 8 } }])
  })

  test('at COMMIT is found', async () => {
    const { error, database } = await apply(
      'create table a (id int primary key, b int references a deferrable initially deferred);\ninsert into a values (1, 2);',
    )
    expect(error?.issues).toMatchObject([{ code: 'REPLAY_FAILED', message: expect.stringContaining('violates foreign key constraint') }])
    expect(await tables(database)).toEqual([])
  })

  test.each(['pgroonga', 'postgis'])('of the extension %s names it', async (name) => {
    const { error } = await apply(`select 1;\ncreate extension if not exists ${name} with schema extensions;`)
    expect(error?.exitCode).toBe(3)
    expect(error?.message).toBe(
      [
        `supabase/migrations/0001_a.sql:2:1  EXTENSION_MISSING  The extension "${name}" is not part of this server.`,
        `    create extension if not exists ${name} with schema extensions;`,
        '    ^',
        '  Leave the file out if the design does not need it: --skip supabase/migrations/0001_a.sql',
      ].join('\n'),
    )
  })

  test.each([
    ['\\connect other\nselect 1;', '"\\connect" is a command of psql'],
    ['create table a (id int);\ncopy a from stdin;\n1\n\\.\n', 'COPY … FROM stdin'],
    ['create table a (id int);\ncopy a from stdin;', 'COPY … FROM stdin'],
  ])('for what only psql can do: %j', async (sql, message) => {
    for (const mode of modes) {
      const { error } = await apply(sql, mode)
      expect(error?.issues).toMatchObject([{ code: 'REPLAY_FAILED', message: expect.stringContaining(message) }])
    }
  })

  test('is raised for a BEGIN without end', async () => {
    for (const mode of modes) {
      const { error, database } = await apply('begin;\ncreate table a (id int);', mode)
      expect(error?.issues).toMatchObject([{ code: 'REPLAY_FAILED', message: expect.stringContaining('does not end it') }])
      expect(await tables(database)).toEqual([])
    }
  })
})

describe('runner modes', () => {
  // knowledge/migration-safety.md, 4b. What is left after the second of two statements failed.
  test.each<[RunnerMode, string[]]>([['transaction', []], ['pipeline', []], ['serial', ['a']]])('%s: a file that fails midway leaves %j', async (mode, left) => {
    const { database, error } = await apply('create table a (id int);\ncreate table a (id int);\ncreate table b (id int);', mode)
    expect(error?.issues).toMatchObject([{ message: 'relation "a" already exists.', place: { line: 2 } }])
    expect(await tables(database)).toEqual(left)
  })

  test.each<[RunnerMode, boolean]>([['transaction', true], ['pipeline', false], ['serial', false]])('%s: LOCK TABLE works: %s', async (mode, works) => {
    const database = await server.createDatabase()
    await applyFiles(database, [file('create table t (id int)')])
    const run = applyFiles(database, [file('select 1;\nlock table t')], { mode })
    await (works ? expect(run).resolves.toBeUndefined() : expect(run).rejects.toMatchObject({ cause: { code: '25P01' } }))
  })

  test.each(modes)('%s: an own BEGIN and COMMIT works', async (mode) => {
    const { database, error } = await apply('begin;\ncreate table a (id int);\nlock table a;\ncommit;', mode)
    expect(error).toBeUndefined()
    expect(await tables(database)).toEqual(['a'])
  })

  test.each(modes)('%s: one CREATE INDEX CONCURRENTLY alone works, with the directive and without', async (mode) => {
    const database = await server.createDatabase()
    await applyFiles(database, [file('create table t (id int)')])
    await applyFiles(database, [file('-- pg-delta: transaction=false\ncreate index concurrently one on t (id);\n')], { mode })
    await applyFiles(database, [file('create index concurrently two on t (id)')], { mode })
    expect(await indexes(database)).toEqual({ one: true, two: true })
  })

  test('after a SET, CREATE INDEX CONCURRENTLY works but in a pipeline', async () => {
    const sql = "set lock_timeout = '5s';\ncreate index concurrently one on t (id);"
    for (const mode of modes) {
      const database = await server.createDatabase()
      await applyFiles(database, [file('create table t (id int)')])
      const run = applyFiles(database, [file(sql)], { mode })
      if (mode === 'pipeline') await expect(run).rejects.toMatchObject({ cause: { code: '25001' }, issues: [{ place: { line: 2, column: 1 } }] })
      else await run
      expect(await indexes(database)).toEqual(mode === 'pipeline' ? {} : { one: true })
    }
  })

  test.each(modes)('%s: two of them: the second fails in a pipeline only', async (mode) => {
    const database = await server.createDatabase()
    await applyFiles(database, [file('create table t (id int)')])
    const run = applyFiles(database, [file('create index concurrently one on t (id);\ncreate index concurrently two on t (id);')], { mode })
    if (mode === 'pipeline') await expect(run).rejects.toMatchObject({ cause: { code: '25001' } })
    else await run
  })

  test('the directive makes every statement commit by itself, but not in the middle of a file', async () => {
    const failing = 'create table a (id int);\ncreate table a (id int);'
    expect(await tables((await apply(`-- pg-delta: transaction=false\n${failing}`)).database)).toEqual(['a'])
    expect(await tables((await apply(`-- a comment\n-- pg-delta: transaction=false\n${failing}`)).database)).toEqual([])
    expect(await tables((await apply(`-- supabase:disable-transaction\n${failing}`)).database)).toEqual([])
  })

  test('files run in textual order as postgres, and a SET does not reach the next', async () => {
    const database = await server.createDatabase()
    await applyFiles(database, [
      file('create table seen as select who, lock_timeout from first, lateral (select current_setting(\'lock_timeout\') as lock_timeout) s', 'm/0002_b.sql'),
      file("set lock_timeout = '3s'; create table first as select current_user::text as who", 'm/0001_a.sql'),
    ])
    await using session = await database.connect()
    expect((await session.query('select * from seen')).rows).toEqual([{ who: 'postgres', lock_timeout: '0' }])
  })

  test.each(modes)('storage parameters of a vector index are left out, mode %s', async (mode) => {
    const { database, error } = await apply(
      `create extension vector with schema extensions;
      create table t (id int primary key, "with ( é" vector(3));
      create index a on t using hnsw ("with ( é" vector_l2_ops) with (m = 16, ef_construction = 64) where id > 0;
      create index b on t using ivfflat ("with ( é") with (lists = 100);
      create index c on t (id) with (fillfactor = 70)`,
      mode,
    )
    expect(error).toBeUndefined()
    expect(await indexes(database)).toEqual({ a: true, b: true, c: true, t_pkey: true })
    const failed = await apply("create extension vector with schema extensions; create table t (v vector(3));\ncreate index on t using hnsw (v vector_l2_ops) with (m = 16) where missing > 0;", mode)
    expect(failed.error?.issues[0]).toMatchObject({ place: { line: 2, column: 68 } })
  })

  test('an event trigger can be created, and postgres is no superuser afterwards', async () => {
    const { database, error } = await apply(
      "create function public.f() returns event_trigger language plpgsql as 'begin end';\ncreate event trigger e on ddl_command_end execute function public.f();",
    )
    expect(error).toBeUndefined()
    await using session = await database.connect()
    expect((await session.query("select rolsuper from pg_roles where rolname = 'postgres'")).rows).toEqual([{ rolsuper: false }])
  })
})
