/** `plan --workload`: the indexes of any schema, and that they are what the server then uses. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WorkloadAdvice } from '../../generators/planner/workload-file/advice.ts'
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
  }, 60_000)
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
}, 60_000)
