/** An empty table that looks full, on every major: estimates from first principles. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databaseHandle } from '../../../generators/postgres/database.ts'
import { reachableTables, scaleDatabase } from '../../../generators/postgres/scale/scale-database.ts'
import { type Database, type Major, type ReplayedServer, type Session, openServer } from '../../../generators/postgres/server.ts'
import type { ColumnScale, TableScale } from '../../../generators/planner/scale/table-scale.ts'

const history = [{
  path: '0001_events.sql',
  sql: `create schema app;
    create type app.level as enum ('low', 'high');
    create domain app.code as text check (value <> '');
    create table app.events (
      id bigint generated always as identity primary key, org uuid not null, kind text not null, level app.level not null, code app.code not null,
      short varchar(20) not null, happened_at timestamptz not null, day date not null, amount numeric(6,2), note text, tags text[] not null default '{}', data jsonb not null default '{}', flag boolean not null);
    create index events_org on app.events (org);
    create index events_draft on app.events (org) where kind = 'draft';
    create index events_tags on app.events using gin (tags);
    create index events_day on app.events using brin (day);
    create view app.recent as select * from app.events;
    create index events_note on app.events (lower(note));
    create table app.logs (id bigint not null, at timestamptz not null, tenant integer not null, primary key (id, at)) partition by range (at);
    create table app.logs_10 partition of app.logs for values from ('2025-10-01 00:00+00') to ('2025-11-01 00:00+00');
    create table app.logs_11 partition of app.logs for values from ('2025-11-01 00:00+00') to ('2025-12-01 00:00+00');
    create table app.logs_12 partition of app.logs for values from ('2025-12-01 00:00+00') to ('2026-01-01 00:00+00');
    create table app.logs_01 partition of app.logs for values from ('2026-01-01 00:00+00') to ('2026-02-01 00:00+00');
    create index logs_tenant on app.logs (tenant, at desc);
    insert into app.events (org, kind, level, code, short, happened_at, day, flag) values (gen_random_uuid(), 'seed', 'low', 'seed', 'seed', '1999-01-01 00:00+00', '1999-01-01', false);`,
}]

const rows = 20_000_000
const column = (name: string, type: string, more: Partial<ColumnScale> = {}): ColumnScale => ({ name, type, nullShare: 0, width: 8, distinct: rows, mostCommon: [], spread: null, correlation: null, elements: 2, heldElements: null, measured: null, ...more })
const events: TableScale = {
  schema: 'app', name: 'events', rows, rowBytes: 100, tupleBytes: 132, measured: null,
  columns: [
    column('id', 'bigint', { spread: { kind: 'number', high: rows }, correlation: 1 }),
    column('org', 'uuid', { width: 16, distinct: 1000, spread: { kind: 'uuid' }, correlation: 0 }),
    column('kind', 'text', { distinct: 3, mostCommon: [{ value: 'done', share: 0.9 }, { value: 'draft', share: 0.08 }, { value: 'it "is" \\ odd', share: 0.02 }] }),
    column('level', 'app.level', { distinct: 2, mostCommon: [{ value: 'low', share: 0.75 }, { value: 'high', share: 0.25 }] }),
    column('code', 'app.code', { distinct: 500, spread: { kind: 'text' } }),
    column('short', 'character varying(20)', { distinct: 50_000, spread: { kind: 'text' } }),
    column('happened_at', 'timestamp with time zone', { spread: { kind: 'time', days: 100 }, correlation: 1 }),
    column('day', 'date', { distinct: 100, spread: { kind: 'date', days: 100 }, correlation: 1 }),
    column('amount', 'numeric(6,2)', { nullShare: 0.4, distinct: 5000, spread: { kind: 'number', high: 50_000 } }),
    column('note', 'text', { nullShare: 1, distinct: 1 }),
    column('flag', 'boolean', { distinct: 2, mostCommon: [{ value: 'false', share: 0.97 }, { value: 'true', share: 0.03 }] }),
  ],
}

// 92 days, from October to December.
const logs: TableScale = {
  schema: 'app', name: 'logs', rows: 9_200_000, rowBytes: 20, tupleBytes: 48, measured: null,
  columns: [
    column('id', 'bigint', { spread: { kind: 'number', high: 9_200_000 }, distinct: 9_200_000, correlation: 1 }),
    column('at', 'timestamp with time zone', { spread: { kind: 'time', days: 92 }, distinct: 9_200_000, correlation: 1 }),
    column('tenant', 'integer', { spread: { kind: 'number', high: 1000 }, distinct: 1000, width: 4, correlation: 0 }),
  ],
}

describe.each([15, 17, 18] as Major[])('on %i', (major) => {
  let server: ReplayedServer
  let database: Database
  let session: Session
  const estimate = async (where: string, parameters = '') => {
    const { rows: [found] } = await session.query<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number; 'Node Type': string; 'Total Cost': number } }[] }>(`explain (format json) select * from app.events ${where} ${parameters}`)
    const plan = found?.['QUERY PLAN'][0]?.Plan
    return { rows: plan?.['Plan Rows'] ?? 0, node: plan?.['Node Type'], cost: plan?.['Total Cost'] ?? 0 }
  }

  beforeAll(async () => {
    server = await openServer({ major, history })
    database = await server.createDatabase()
    // Asked through the view: what it reads is found.
    await scaleDatabase(database, await reachableTables(database, [{ schema: 'app', name: 'recent' }, { schema: 'app', name: 'logs' }]), [events, logs])
    session = await database.connect({ user: 'supabase_admin' })
    await session.query('set max_parallel_workers_per_gather = 0')
  }, 180_000)
  afterAll(async () => {
    await session?.end()
    await server?.stop()
  })

  test.each([
    ['all rows', '', 20_000_000],
    ['one of 1000 organisations', "where org = '00000000-0000-4000-8000-000000000001'", 20_000],
    ['the commonest kind', "where kind = 'done'", 18_000_000],
    ['a value with quotes', `where kind = 'it "is" \\ odd'`, 400_000],
    ['a label of an enum', "where level = 'high'", 5_000_000],
    ['one of 500 values of a domain', "where code = 'abc'", 40_000],
    ['one of 50 000 values', "where short = 'abc'", 400],
    ['null', 'where amount is null', 8_000_000],
    ['never set', 'where note is not null', 1],
    ['true', 'where flag', 600_000],
    ['one of 100 days', "where day = '2025-12-01'", 200_000],
    ['the last tenth of the time', "where happened_at >= '2025-12-22'", 2_000_000],
    ['the first half of the numbers that there are', 'where amount < 25000', 6_000_000],
  ])('%s', async (_title, where, expected) => {
    expect((await estimate(where)).rows / expected).toBeCloseTo(1, 1)
  })

  const planOf = async (sql: string) => (await session.query<{ 'QUERY PLAN': string }>(`explain ${sql}`)).rows.map((row) => row['QUERY PLAN']).join('\n')

  test('partitions are as large as what they hold of their parent, also those that are still empty', async () => {
    const { rows: [found] } = await session.query<{ sizes: number[]; reltuples: number[] }>("select array_agg(round(reltuples)::int4 order by relname) as reltuples from pg_class where relname ~ '^logs_[0-9]+$'")
    expect(found?.reltuples).toEqual([0, 3_100_000, 3_000_000, 3_100_000])
    // A third of December and no other month.
    expect(await planOf("select * from app.logs where at >= '2025-12-12' and at < '2025-12-22'")).toMatch(/^Index Scan|^Seq Scan on logs_12|^Bitmap/)
    expect(await planOf("select count(*) from app.logs where at >= '2025-12-12' and at < '2025-12-22'")).not.toMatch(/logs_(01|10|11)/)
    expect(await planOf('select * from app.logs where tenant = 7 order by at desc limit 10')).toMatch(/Append[^]*logs_12_tenant_at_idx[^]*logs_10_tenant_at_idx/)
    // One of 1000 tenants in all partitions: statistics of the parent.
    expect(await planOf('select * from app.logs where tenant = 7')).toMatch(/^Append +\(.* rows=9[12]\d\d /)
  })

  test('a descent of an index costs what it costs when the index is full, also of one that held a row of the history', async () => {
    // 20 million bigint keys: 55 000 leaves, three levels above one row; 50 operators a level and 2 · log2 for comparisons.
    const { rows: [found] } = await session.query<{ 'QUERY PLAN': { Plan: { 'Startup Cost': number } }[] }>('explain (format json) select * from app.events where id = 5')
    expect(found?.['QUERY PLAN'][0]?.Plan['Startup Cost']).toBeCloseTo(0.0025 * (25 + 50 * 3), 2)
  })

  test('an expression of an index is known as far as its column is', async () => {
    const { rows } = await session.query("select 1 from pg_stats where tablename = 'events_note' and attname = 'lower'")
    expect(rows).toHaveLength(1)
  })

  test('a full read costs every page and every row', async () => {
    // 100 bytes and 28 of header, aligned: 132 → 61 rows to a page; 1 for a page, 0.01 for a row.
    const pages = Math.ceil(rows / Math.floor(8168 / (28 + 104)))
    expect((await estimate('')).cost).toBeCloseTo(pages + rows * 0.01, 0)
  })

  test('indexes of every kind are chosen where they are cheaper', async () => {
    expect((await estimate('where id = 5')).node).toBe('Index Scan')
    expect((await estimate("where kind = 'done'")).node).toBe('Seq Scan')
    const { rows: plan } = await session.query<{ 'QUERY PLAN': string }>("explain select * from app.events where tags @> '{rare}'")
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('Bitmap Index Scan on events_tags')
    const { rows: partial } = await session.query<{ 'QUERY PLAN': string }>("explain select * from app.events where org = '00000000-0000-4000-8000-000000000001' and kind = 'draft'")
    expect(partial.map((line) => line['QUERY PLAN']).join('\n')).toContain('events_draft')
  })

  test('the files are as long as the table would be, in segments of 1 GiB, and take no room', async () => {
    const { rows: [found] } = await session.query<{ directory: string; path: string; size: number }>("select current_setting('data_directory') as directory, pg_relation_filepath('app.events') as path, pg_relation_size('app.events') as size")
    const files = await Promise.all(['', '.1', '.2'].map((segment) => stat(join(found?.directory ?? '', `${found?.path}${segment}`))))
    expect(files[0]?.size).toBe(2 ** 30)
    expect(files.reduce((sum, { size }) => sum + size, 0)).toBe(found?.size)
    expect(files.reduce((sum, { blocks }) => sum + blocks * 512, 0)).toBeLessThan(65_536)
  })

  test('only a database that was made for a proof', async () => {
    const { rows: [found] } = await session.query<{ socket: string }>("select current_setting('unix_socket_directories') as socket")
    const other = databaseHandle(found?.socket ?? '', 'postgres')
    await expect(scaleDatabase(other, [], [])).rejects.toMatchObject({ issues: [{ code: 'USAGE', message: expect.stringMatching(/"postgres" is not one that was made for a proof/) }] })
  })

  test('it is dropped like any other', async () => {
    const second = await server.createDatabase()
    await scaleDatabase(second, await reachableTables(second, [events]), [events])
    await second.drop()
    const { rows: left } = await session.query('select 1 from pg_database where datname = $1', [second.name])
    expect(left).toEqual([])
  })
})
