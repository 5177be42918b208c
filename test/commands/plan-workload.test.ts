/** `plan --workload`: the indexes of any schema, and that they are what the server then uses. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WorkloadAdvice } from '../../generators/planner/workload-file/advice.ts'
import { exportQuery } from '../../generators/planner/workload-file/exported-statements.ts'
import { openServer } from '../../generators/postgres/server.ts'
import { runCli } from '../support/run-cli.ts'

const schema = `
create extension if not exists pg_trgm with schema extensions;
create table accounts (id bigint generated always as identity primary key, email text not null, plan text not null, created_at timestamptz not null default now());
create table notes (id bigint generated always as identity primary key, account_id bigint not null references accounts on delete cascade, title text not null, state text not null, views bigint not null default 0,
  labels text[] not null, meta jsonb not null, created_at timestamptz not null, deleted_at timestamptz);
create index notes_account on notes (account_id);
create index notes_title on notes (title);
create table clicks (note_id bigint not null, at timestamptz not null, agent text not null);
create table letters (id bigint primary key, owner_id uuid not null, words text[] not null);
alter table letters enable row level security;
create policy own on letters for select to authenticated using (owner_id = (select auth.uid()));
grant select on letters to authenticated;
create view live_notes as select * from notes where deleted_at is null;
`
const scale = `
tables:
  accounts: { rows: 1M }
  notes: { rows: 20M, row_bytes: 300, distinct: { account_id: 2k, title: 15M, state: 4, views: 100k }, nulls: { deleted_at: 0.9 }, elements: { labels: 3 } }
  letters: { rows: 5M, distinct: { owner_id: 10 }, elements: { words: 20 } }
  clicks: { rows: 300M, row_bytes: 80, distinct: { note_id: 10M, agent: 5k }, correlation: { at: 1 } }
`
const workload = `
-- name: feed
-- rate: 200/s
select id, title, created_at from live_notes where account_id = $1 order by created_at desc, id desc limit 20;
-- name: by_email
-- rate: 50/s
select * from accounts where lower(email) = lower($1);
-- name: labelled
select id from notes where labels @> array['urgent'] and account_id = $1;
-- name: everywhere
select id from notes where meta @> '{"source": "import"}';
-- name: search
select id from notes where title ilike '%invoice%';
-- name: last_day
select agent, count(*) from clicks where at >= $1 and at < $2 group by agent;
-- name: my_words
-- as: authenticated
select id from letters where words @> array['hello'];
-- name: view
-- rate: 500/s
update notes set views = views + 1 where id = $1;
-- name: remove_account
-- rate: 1/min
delete from accounts where id = $1;
`

describe('plan --workload', () => {
  let folder: string
  let advice: WorkloadAdvice & { ok: boolean; notes: string[] }
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return name
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trr-db-workload-'))
    const { stdout, stderr, code } = await runCli(['plan', '--workload', file('w.sql', workload), '--schema', file('s.sql', schema), '--scale', file('scale.yaml', scale), '--json', '--cwd', folder])
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    advice = JSON.parse(stdout) as typeof advice
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const served = (name: string) => advice.indexes.filter(({ serves }) => serves.includes(name))

  it('serves a page behind a view by its filter and its order', () => {
    const [index] = served('feed')
    expect(index?.keys.map(({ column }) => column).slice(0, 3)).toEqual(['account_id', 'created_at', 'id'])
    const feed = advice.statements.find(({ name }) => name === 'feed')
    expect(feed?.cost?.after).toBeLessThan(60)
  })

  it('indexes an expression as it is written', () => {
    expect(served('by_email').map(({ sql }) => sql)).toEqual([expect.stringMatching(/^create index accounts_lower_email_idx on public\.accounts \(\(lower\(email\)\)\)/)])
  })

  it('finds a kind for each operator', () => {
    expect(served('everywhere').map(({ method, keys }) => [method, keys[0]?.operatorClass])).toEqual([['gin', 'jsonb_path_ops']])
    expect(served('search').map(({ method, keys }) => [method, keys[0]?.operatorClass])).toEqual([['gin', 'gin_trgm_ops']])
    expect(['brin', 'btree']).toContain(served('last_day')[0]?.method)
  })

  it('indexes no hot counter', () => {
    expect(advice.indexes.filter(({ keys, include }) => [...keys.map(({ column }) => column), ...include].includes('views'))).toEqual([])
  })

  it('plans as the caller: what only a superuser would read is named, and not made', () => {
    expect(advice.indexes.filter(({ table, method }) => table.name === 'letters' && method === 'gin')).toEqual([])
    expect(advice.blocked).toEqual([expect.objectContaining({ index: 'public.letters using gin (words)', statement: 'my_words', because: expect.stringContaining('for authenticated the operator is not leakproof') })])
    expect(served('my_words').map(({ keys }) => keys[0]?.column)).toEqual(['owner_id'])
  })

  it('says what is there and not needed, with the statement that drops it', () => {
    expect(advice.superfluous.map(({ sql }) => sql)).toContain('drop index concurrently public.notes_title;')
  })

  it('every index serves something, and something is worse without it', () => {
    for (const { name, serves, without } of advice.indexes) expect({ name, isServing: serves.length > 0, isMissed: without.ratio > 1 }).toEqual({ name, isServing: true, isMissed: true })
  })

  it('prints statements that the server takes', async () => {
    await using server = await openServer({ major: 17, history: [{ path: 's.sql', sql: schema }] })
    const database = await server.createDatabase()
    await using session = await database.connect()
    for (const { sql } of [...advice.indexes, ...advice.superfluous]) await session.query(sql)
    const { rows } = await session.query<{ name: string }>("select indexname as name from pg_indexes where schemaname = 'public'")
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(advice.indexes.map(({ name }) => name)))
  })

  it('a budget holds', async () => {
    const { stdout } = await runCli(['plan', '--workload', 'w.sql', '--schema', 's.sql', '--scale', 'scale.yaml', '--budget', '700MB', '--json', '--cwd', folder])
    const small = JSON.parse(stdout) as WorkloadAdvice
    expect(small.total.bytes).toBeLessThanOrEqual(700e6)
    expect(small.indexes.length).toBeGreaterThan(0)
    expect(small.total.after).toBeGreaterThanOrEqual(advice.total.after * 0.99)
  }, 120_000)

  it('says what is wrong with its files, with places', async () => {
    const run = async (text: string, sizes = scale) => (await runCli(['plan', '--workload', file('bad.sql', text), '--schema', 's.sql', '--scale', file('bad.yaml', sizes), '--cwd', folder])).stderr
    // One that cannot be read does not hide the others; explain is about its query.
    const { stdout, code } = await runCli(['plan', '--workload', file('half.sql', 'select 1 form notes;\nexplain (analyze) select id from notes where account_id = 7;\n'), '--schema', 's.sql', '--json', '--cwd', folder])
    expect({ code, ...(JSON.parse(stdout) as typeof advice) }).toMatchObject({ code: 1, statements: [{ name: 'q1', refused: null }], notes: expect.arrayContaining([expect.stringMatching(/^Not read: line 1: syntax error/)]) })
    expect(await run('select 1 form notes;')).toMatch(/bad\.sql:1:\d+ {2}USAGE/)
    expect(await run('-- rate: often\nselect 1;')).toMatch(/bad\.sql:1:1 {2}SPEC_VALUE {2}"often" is not a rate/)
    expect(await run('select 1;', 'tables:\n  nodes: { rows: 1k }\n')).toMatch(/bad\.yaml:2:3 {2}SPEC_UNKNOWN_NAME .*"public\.nodes"/)
    expect((await runCli(['plan', '--workload', 'w.sql', '--cwd', folder])).stderr).toContain('--schema')
  })
})

it('a schema that brings its rows along is counted, not guessed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trr-db-workload-'))
  const rows = `create table events (id int primary key, kind text not null, at date not null);\ninsert into events select n, 'k' || n % 50, date '2025-01-01' + n % 300 from generate_series(1, 60000) n;`
  writeFileSync(join(folder, 's.sql'), rows)
  writeFileSync(join(folder, 'w.sql'), "select * from events where kind = 'k7' and at = date '2025-03-04';")
  try {
    const { stdout } = await runCli(['plan', '--workload', 'w.sql', '--schema', 's.sql', '--json', '--cwd', folder])
    const { indexes, notes } = JSON.parse(stdout) as WorkloadAdvice & { notes: string[] }
    expect(notes).toEqual([])
    expect(indexes.map(({ keys }) => keys.map(({ column }) => column).toSorted())).toEqual([['at', 'kind']])
    expect(readFileSync(join(folder, 's.sql'), 'utf8')).toBe(rows)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** As pg_dump 17 and 18 write it, with what hosted databases add. */
const dump = String.raw`\uFEFF--
-- PostgreSQL database dump
--
\restrict 4nFbYcQ
-- Dumped from database version 17.5
SET transaction_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE DATABASE shop WITH TEMPLATE = template0;
\connect shop
CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;
COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';
CREATE SCHEMA shop;
ALTER SCHEMA shop OWNER TO shop_owner;
CREATE TABLE shop.places (id bigint NOT NULL, at public.geometry(Point,4326) NOT NULL, token bytea DEFAULT public.gen_random_bytes(8), closed boolean NOT NULL);
CREATE TABLE shop.orders (id bigint NOT NULL, place_id bigint NOT NULL, state text NOT NULL, note text, created_at timestamp with time zone NOT NULL);
ALTER TABLE shop.orders OWNER TO shop_owner;
COPY shop.orders (id, place_id, state, note, created_at) FROM stdin;
1	7	open	it's; a \"quote	2025-01-01 00:00:00+00
2	8	paid	\N	2025-01-02 00:00:00+00
\.
COPY shop.places (id, at, closed) FROM stdin;
7	x	f
8	y	t
\.
ALTER TABLE ONLY shop.places ADD CONSTRAINT places_pkey PRIMARY KEY (id);
ALTER TABLE ONLY shop.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
CREATE INDEX orders_place ON shop.orders USING btree (place_id);
CREATE INDEX orders_place_state ON shop.orders USING btree (place_id, state);
CREATE INDEX orders_state ON shop.orders USING btree (state);
CREATE INDEX places_at ON shop.places USING gist (at);
ALTER TABLE ONLY shop.orders ADD CONSTRAINT orders_place_fk FOREIGN KEY (place_id) REFERENCES shop.places(id);
CREATE POLICY own ON shop.orders FOR SELECT TO clerk USING (state = 'open');
ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
GRANT USAGE ON SCHEMA shop TO clerk;
GRANT SELECT ON TABLE shop.orders TO clerk;
CREATE VIEW shop.near AS SELECT id FROM shop.places WHERE public.st_dwithin(at, at, 5);
\unrestrict 4nFbYcQ
`.replace('\\uFEFF', '\uFEFF')

const lineIn = (words: string) => dump.slice(0, dump.indexOf(words)).split('\n').length

describe('what people have', () => {
  let folder: string
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return name
  }
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'trr-db-workload-'))
    file('dump.sql', dump)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const plan = async (workloadFile: string, ...more: string[]) => {
    const { stdout, stderr, code } = await runCli(['plan', '--workload', workloadFile, '--schema', 'dump.sql', ...more, '--json', '--cwd', folder])
    return { code, stderr, ...(JSON.parse(stdout) as WorkloadAdvice & { notes: string[] }) }
  }

  it('a dump of pg_dump, and statements with what is wrong with each', async () => {
    const { code, notes, statements, superfluous } = await plan(file('w.sql', `\\timing on
set search_path to shop;
-- name: page rate: 5/s as: clerk
select * from orders where place_id = $1 and state = 'open' order by created_at desc limit 20
-- name: move :exec
with gone as (delete from orders where place_id = $1 returning place_id) insert into places (id, at, closed) select place_id, 'x', false from gone;
prepare byid (bigint) as select * from orders where id = $1;
merge into orders o using places p on p.id = o.place_id when matched then update set note = 'x';
select * from orders where created_at > now() - interval $1;
select * from order where id = 1;
select * from ordrs;
select stat from orders;
update orders set notes = 'x' where id = $1;
-- as: clrk
select 1 from orders where id = ?;
-- as: clrk
select 2 from orders;
-- rates: 5/s
begin;
`), '--scale', file('scale.yaml', 'tables:\n  shop.orders: { rows: 5M, distinct: { place_id: 1M, state: 4 } }\n  shop.places: { rows: 1M }\n'))
    expect(code).toBe(1)
    expect(statements.map(({ name, as, perSecond, refused }) => [name, as, perSecond, refused])).toEqual([
      ['page', 'clerk', 5, null], ['move', 'postgres', 1, null], ['q3', 'postgres', 1, null], ['q4', 'postgres', 1, null], ['q5', 'postgres', 1, null],
      ['q6', 'postgres', 1, 'line 11: relation "ordrs" does not exist. Did you mean shop.orders?'],
      ['q7', 'postgres', 1, 'line 12: column "stat" does not exist. Did you mean state?'],
      ['q8', 'postgres', 1, 'line 13: column "notes" of relation "orders" does not exist. Did you mean note?'],
      ['q9', 'clrk', 1, 'line 17: role "clrk" does not exist. Did you mean clerk?'],
    ])
    expect(notes).toEqual([
      'Left out of dump.sql: commands of psql (3), create database, comments on extensions.',
      'Made, because dump.sql names them: the roles shop_owner, clerk.',
      'places (at): there is no type public.geometry here, taken as text; its operators and indexes are not planned.',
      `Not made: dump.sql:${lineIn('CREATE EXTENSION IF NOT EXISTS postgis')}: CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public: extension "postgis" is not available.`,
      `Not made: dump.sql:${lineIn('CREATE INDEX places_at')}: CREATE INDEX places_at ON shop.places USING gist (at): data type text has no default operator class for access method "gist".`,
      expect.stringMatching(new RegExp(`^Not made: dump\\.sql:${lineIn('CREATE VIEW')}: CREATE VIEW shop\\.near .*: function public\\.st_dwithin\\(text, text, integer\\) does not exist\\.$`)),
      'Not planned: \\timing, line 1.',
      'Not planned: begin, line 19.',
      'After line 4 the semicolon is missing; the comment with a name begins the next statement.',
      'Not read: line 10: syntax error at or near "order".',
      'Not read: line 15: syntax error at end of input.',
    ])
    // What begins with the keys of another goes; by what is left, the orders of a place that is deleted are found.
    expect(superfluous.map(({ index, kind }) => [index, kind])).toEqual([['shop.orders_place', 'redundant'], ['shop.orders_state', 'unread']])
  })

  it('an export of pg_stat_statements, at the sizes of a database that is only read', async () => {
    await using server = await openServer({ major: 17, history: [{ path: '1.sql', sql: 'create schema shop; create table shop.orders (id bigint primary key, place_id bigint not null, state text not null, note text, created_at timestamptz not null)' }] })
    const theirs = await server.createDatabase()
    await using session = await theirs.connect()
    await session.query("insert into shop.orders select n, n % 40000, 'open', null, now() from generate_series(1, 200000) n; analyze shop.orders")
    // The export is what the message proposes, run there.
    expect((await session.query(exportQuery.replace('from pg_stat_statements', 'from extensions.pg_stat_statements limit 0'))).rows).toEqual([])
    const rows = async () => (await session.query('select xmin::text, count(*)::int from shop.orders group by 1')).rows
    const before = await rows()
    const url = `postgresql://postgres:hidden-word@localhost/${theirs.name}?host=${encodeURIComponent(theirs.socket)}`
    const csv = 'queryid,query,calls,seconds,rolname\n11,"select ""note"" from shop.orders\nwhere place_id = $1 and created_at > now() - interval $2",864000,86400,web\n12,"delete from shop.orders where id = $1",10,86400,postgres\n13,BEGIN,99,86400,web\n'
    const { code, notes, statements, indexes, superfluous, stderr } = await plan(file('stat.csv', csv), '--stats-from', url)
    expect(await rows()).toEqual(before)
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(`are those of postgres@localhost/${theirs.name}; nothing was written there`) })
    expect(stderr).not.toContain('hidden-word')
    expect(statements.map(({ name, as, perSecond }) => [name, as, perSecond])).toEqual([['11', 'postgres', 10], ['12', 'postgres', 10 / 86_400]])
    expect(notes).toEqual(expect.arrayContaining(['Planned as the owner of the tables, because the schema has no such role: what web ran.', 'Not planned: begin, row 3.']))
    // 200 000 rows were counted there, five for each place: five pages at 1.1 units for whoever looks a place up.
    expect(statements[0]?.cost?.before).toBeGreaterThan(5)
    expect(statements[0]?.cost?.before).toBeLessThan(10)
    // The index by place is widened, and the one that was there goes: as the owner of the tables, on a database that has them.
    expect(indexes.map(({ keys }) => keys.map(({ column }) => column))).toEqual([['place_id', 'created_at']])
    const [widened] = superfluous.filter(({ kind }) => kind === 'widened')
    expect(widened).toMatchObject({ index: 'shop.orders_place', replacedBy: indexes[0]?.name, sql: 'drop index concurrently shop.orders_place;' })
    await session.query('create index orders_place on shop.orders (place_id)')
    for (const sql of [indexes[0]?.sql, widened?.sql]) await session.query(sql?.replace('create index', 'create index concurrently') ?? '')
    const { rows: left } = await session.query("select indexname as name from pg_indexes where schemaname = 'shop' order by 1")
    expect(left).toEqual([{ name: 'orders_pkey' }, { name: indexes[0]?.name }])
    expect((await runCli(['plan', '--workload', file('stat.json', '[{"sql": "select 1"}]'), '--schema', 'dump.sql', '--cwd', folder])).stderr).toMatch(/stat\.json has no rows with query and calls, only sql\.\n.*\\copy \(select queryid, query, calls/)
    expect((await runCli(['plan', '--workload', file('dump.bin.sql', 'PGDMP\u0001'), '--schema', 'dump.sql', '--cwd', folder])).stderr).toContain('pg_restore --schema-only')
  })
})
