/**
 * Slow: loads 200 000 real rows. The plan that an empty, scaled database gives is the plan of the loaded one, and its
 * figures are close. What the pages call the model's measured error is printed here.
 */
import { describe, expect, test } from 'vitest'
import type { Catalog } from '../../../generators/design/catalog.ts'
import type { Plan, TablePlan } from '../../../generators/design/plan.ts'
import type { TableSpec } from '../../../generators/design/spec.ts'
import { measuredError } from '../../../generators/planner/scale/measured-error.ts'
import { designScale } from '../../../generators/planner/scale/design-scale.ts'
import { explainInFull } from '../../../generators/postgres/explain.ts'
import { readStatistics } from '../../../generators/postgres/statistics/read-statistics.ts'
import { reachableTables, scaleDatabase } from '../../../generators/postgres/scale/scale-database.ts'
import { type Database, type Major, openServer } from '../../../generators/postgres/server.ts'
import { column, planOf, table } from '../../proofs/sample-plan.ts'

const tables = `create schema app;
  create table app.authors (id integer primary key, country text not null, name text not null);
  create table app.clips (
    id bigint primary key, org_id integer not null, author_id integer not null, status text not null, title text not null, tags text[] not null,
    score integer not null, contact text, created_at timestamptz not null);`
const indexes = `
  create index clips_latest on app.clips (org_id, created_at desc, id desc);
  create index clips_drafts on app.clips (org_id, author_id) where status = 'draft';
  create index clips_author on app.clips (author_id) include (status);
  create index clips_tags on app.clips using gin (tags);
  create index clips_created on app.clips (created_at);
  create index clips_status on app.clips (status);`
const rowsOf = { clips: 200_000, authors: 5000 }
const rows = `
  insert into app.authors select g, (array['de', 'fr', 'us', 'uk', 'es'])[1 + g % 5], 'author number ' || lpad(g::text, 6, '0') from generate_series(1, ${rowsOf.authors}) g;
  insert into app.clips select g, 1 + hashint4(g) & 127, 1 + (hashint4(g + 1000000) & 2147483647) % ${rowsOf.authors},
    case when (hashint4(g + 7) & 2147483647) % 20 < 16 then 'published' when (hashint4(g + 7) & 2147483647) % 20 < 19 then 'draft' else 'rejected' end,
    'the title of clip number ' || lpad(g::text, 8, '0'), array(select 't' || (hashint4(g * 3 + i) & 2147483647) % 600 from generate_series(1, 3) i),
    (hashint4(g + 99) & 2147483647) % 1000, case when g % 4 = 0 then 'somebody' || g end, timestamptz '2026-01-01 00:00+00' - (${rowsOf.clips} - g) * interval '2 minutes'
  from generate_series(1, ${rowsOf.clips}) g;`

/** What a person would declare of the rows above. */
const undeclared = { growthPerDay: 0, rowBytes: null, distinct: {}, skew: {}, nulls: {}, correlation: {}, elements: {}, widths: {}, ranges: {}, declared: true }
const authors = table('authors', [column('id', 'integer'), column('country', 'text', { oneOf: ['de', 'fr', 'us', 'uk', 'es'] }), column('name', 'text')], { schema: 'app', scale: { ...undeclared, rows: rowsOf.authors, rowBytes: 28 } })
const clips = table('clips', [
  column('id', 'bigint', { identity: true }), column('org_id', 'integer'), column('author_id', 'integer'), column('status', 'text', { oneOf: ['published', 'draft', 'rejected'] }), column('title', 'text'),
  column('tags', 'text[]'), column('score', 'integer'), column('contact', 'text', { nullable: true }), column('created_at', 'timestamptz', { origin: 'timestamp' }),
], {
  schema: 'app',
  scale: { ...undeclared, rows: rowsOf.clips, growthPerDay: 720, rowBytes: 120, distinct: { org_id: 128, author_id: rowsOf.authors, score: 1000 }, skew: { status: { published: 0.8, draft: 0.15, rejected: 0.05 } }, nulls: { contact: 0.75 }, elements: { tags: 3 } },
})

const planned = (one: TableSpec): TablePlan => ({ table: one, columns: one.columns, primaryKey: { name: `${one.name}_pkey`, columns: ['id'] }, uniques: [], foreignKeys: [], checks: [], triggers: [], policies: [], grants: [] })
const base = planOf([])
const plan: Plan = { ...base, spec: { ...base.spec, tables: [clips, authors] }, tables: [planned(clips), planned(authors)] }
const catalog: Catalog = { serverVersion: 0, schemas: [], tables: [], types: [], functions: [], roles: [], extensions: [] }

const queries: [kind: string, sql: string, types: string[], values: string[]][] = [
  ['composite btree, in order', 'select * from app.clips where org_id = $1 order by created_at desc, id desc limit 20', ['int'], ['7']],
  ['composite btree, keyset', 'select id, title from app.clips where org_id = $1 and (created_at, id) < ($2, $3) order by created_at desc, id desc limit 20', ['int', 'timestamptz', 'bigint'], ['7', '2025-08-15 00:00+00', '100000']],
  ['partial btree', "select * from app.clips where org_id = $1 and author_id = $2 and status = 'draft'", ['int', 'int'], ['7', '77']],
  ['covering btree', 'select author_id, status from app.clips where author_id = $1', ['int'], ['77']],
  ['GIN over an array', 'select * from app.clips where tags @> $1', ['text[]'], ['{t5}']],
  ['range of a time', 'select id from app.clips where created_at between $1 and $2', ['timestamptz', 'timestamptz'], ['2025-11-01 00:00+00', '2025-11-02 00:00+00']],
  ['most rows: no index', "select sum(score) from app.clips where status = 'published'", [], []],
  ['few rows of a skewed column', "select sum(score) from app.clips where status = 'rejected'", [], []],
  ['join by key', 'select c.id, a.name from app.clips c join app.authors a on a.id = c.author_id where c.org_id = $1 order by c.created_at desc, c.id desc limit 50', ['int'], ['7']],
  ['join from the small side', "select c.id from app.authors a join app.clips c on c.author_id = a.id where a.id = $1", ['int'], ['77']],
  ['groups', 'select org_id, count(*) from app.clips group by org_id', [], []],
]

async function explained(database: Database) {
  await using session = await database.connect({ user: 'supabase_admin' })
  const found = new Map<string, { plan: string[]; cost: number }>()
  for (const [kind, sql, types, values] of queries)
    for (const given of values.length > 0 ? [undefined, values] : [undefined]) found.set(`${kind}${given ? ', with values' : ''}`, await explainInFull(session, { sql, as: 'postgres', types, parameters: types.length }, given ? { claims: {}, values: given } : { claims: {} }))
  return found
}

async function sizes(database: Database): Promise<Map<string, number>> {
  await using session = await database.connect()
  const { rows: found } = await session.query<{ name: string; bytes: number }>("select relname as name, pg_relation_size(oid) as bytes from pg_class where relnamespace = 'app'::regnamespace and relkind in ('r', 'i') order by 1")
  return new Map(found.map(({ name, bytes }) => [name, bytes]))
}

function shapes(found: Awaited<ReturnType<typeof explained>>): Record<string, string[]> {
  return Object.fromEntries([...found].map(([kind, { plan: lines }]) => [kind, lines.map((line) => line.trim().replace(/^-> +/, ''))]))
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

describe.each([17, 18] as Major[])('on %i', (major) => {
  test('the scaled plan is the loaded plan', async () => {
    await using server = await openServer({ major, history: [{ path: '0001_clips.sql', sql: tables }] })
    const loaded = await server.createDatabase()
    const scaled = await server.createDatabase()
    await using load = await loaded.connect()
    // One column with a long list makes ANALYZE look at every row, so that the figures are the same every time.
    await load.query('alter table app.clips alter title set statistics 700')
    // A commit that is not on disk yet leaves no page all-visible.
    await load.query('set synchronous_commit = on')
    await load.query(`${rows}${indexes}`)
    await load.query('vacuum analyze app.authors')
    await load.query('vacuum analyze app.clips')
    await using ddl = await scaled.connect()
    await ddl.query(indexes)
    await ddl.end()
    const touched = await reachableTables(scaled, [clips, authors])
    await scaleDatabase(scaled, touched, designScale(plan, catalog, touched, 'launch').tables)

    const [real, simulated, realSizes, simulatedSizes] = [await explained(loaded), await explained(scaled), await sizes(loaded), await sizes(scaled)]
    const costErrors = [...real].map(([kind, { cost }]) => Math.abs((simulated.get(kind)?.cost ?? 0) / cost - 1))
    const sizeErrors = [...realSizes].map(([name, bytes]) => Math.abs((simulatedSizes.get(name) ?? 0) / bytes - 1))
    const percent = (value: number) => `${(100 * value).toFixed(1)} %`
    console.info(`Postgres ${major}: ${real.size} plans, cost error median ${percent(median(costErrors))}, largest ${percent(Math.max(...costErrors))}; ${realSizes.size} files, size error median ${percent(median(sizeErrors))}, largest ${percent(Math.max(...sizeErrors))}`)
    if (process.env.TRR_DB_DETAIL) for (const [kind, { cost }] of real) console.info(kind, cost, simulated.get(kind)?.cost)
    if (process.env.TRR_DB_DETAIL) for (const [name, bytes] of realSizes) console.info(name, bytes, simulatedSizes.get(name))
    expect(shapes(simulated)).toEqual(shapes(real))

    // What was measured there says the same again, read by somebody who is no superuser.
    const measured = await server.createDatabase()
    await using again = await measured.connect()
    await again.query(indexes)
    await again.end()
    const read = await readStatistics(`postgresql://postgres@localhost/${loaded.name}?host=${encodeURIComponent(loaded.socket)}`, touched)
    expect(read).toMatchObject({ from: `postgres@localhost/${loaded.name}`, unread: [] })
    await scaleDatabase(measured, await reachableTables(measured, [clips, authors]), designScale(base, { ...server.catalog, measured: read.tables }, touched, 'launch').tables)
    const copied = await explained(measured)
    expect(shapes(copied)).toEqual(shapes(real))
    expect(Math.max(...[...real].map(([kind, { cost }]) => Math.abs((copied.get(kind)?.cost ?? 0) / cost - 1)))).toBeLessThan(0.01)
    expect(median(costErrors)).toBeLessThan(measuredError.cost.median)
    expect(Math.max(...costErrors)).toBeLessThan(measuredError.cost.mostly)
    expect(median(sizeErrors)).toBeLessThan(measuredError.size.median)
    expect(sizeErrors.filter((error) => error > measuredError.size.mostly).length).toBeLessThanOrEqual(sizeErrors.length / 10)
  }, 120_000)
})
