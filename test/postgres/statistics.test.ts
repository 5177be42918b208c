/** Reading sizes and statistics of a database: as far as the rights go, and nothing else. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CommandOptions } from '../../generators/commands/command.ts'
import { withStatistics } from '../../generators/commands/pipeline/with-statistics.ts'
import type { Terminal } from '../../generators/terminal/terminal.ts'
import { readStatistics } from '../../generators/postgres/statistics/read-statistics.ts'
import { type Database, type ReplayedServer, openServer } from '../../generators/postgres/server.ts'

const sql = `
  create schema app;
  create table app.people (id bigint primary key, email text not null, tags text[] not null, team integer);
  create index people_email on app.people (lower(email));
  create table app.unseen (id bigint primary key);
  create table app.visits (at date not null, person bigint not null) partition by range (at);
  create table app.visits_1 partition of app.visits for values from ('2025-01-01') to ('2025-07-01');
  create table app.visits_2 partition of app.visits for values from ('2025-07-01') to ('2026-01-01');`
const rows = `
  insert into app.people select g, 'Person' || g || '@example.com', array['a', 'b' || g % 3], case when g % 4 > 0 then g % 10 end from generate_series(1, 1000) g;
  insert into app.visits select date '2025-01-01' + g % 365, g from generate_series(1, 730) g;`
const names = ['people', 'unseen', 'visits', 'visits_1', 'elsewhere'].map((name) => ({ schema: 'app', name }))

let server: ReplayedServer
let database: Database
const url = (user: string) => `postgresql://${user}@localhost/${database.name}?host=${encodeURIComponent(database.socket)}`

beforeAll(async () => {
  server = await openServer({ major: 17, history: [{ path: '0001_people.sql', sql }] })
  database = await server.createDatabase()
  await using session = await database.connect()
  await session.query(rows)
  await session.query('analyze app.people, app.visits')
}, 120_000)
afterAll(() => server?.stop())

test('sizes, and all that ANALYZE kept', async () => {
  const { tables, unread, from } = await readStatistics(url('postgres'), names)
  expect(from).toBe(`postgres@localhost/${database.name}`)
  expect(unread).toEqual(['Not in that database: app.elsewhere.', 'Never analysed, so nothing is known of app.unseen. Run there: analyze app.unseen;'])
  const [people, visits] = tables
  expect(people).toMatchObject({ name: 'people', rows: 1000, pages: expect.any(Number) })
  const column = (name: string) => people?.columns.find((one) => one.name === name)
  expect(column('id')).toMatchObject({ nullShare: 0, width: 8, distinct: -1, correlation: 1, slots: [{ kind: 'bounds', values: expect.arrayContaining(['1', '1000']) }, { kind: 'correlation', numbers: [1] }] })
  expect(column('team')).toMatchObject({ nullShare: 0.25, distinct: 10 })
  expect(column('tags')?.slots.find(({ kind }) => kind === 'elements')).toMatchObject({ values: ['a', 'b0', 'b1', 'b2'], numbers: [1, expect.closeTo(0.333), expect.closeTo(0.334), expect.closeTo(0.333), expect.closeTo(0.333), 1, 0] })
  expect(people?.indexes.find(({ name }) => name === 'people_email')).toMatchObject({ rows: 1000, expressions: [{ name: 'lower', place: 1, distinct: -1 }] })
  // A parent of partitions is as large as they are, and has statistics of all their rows.
  expect(visits).toMatchObject({ name: 'visits', rows: 730, columns: [{ name: 'at', distinct: -0.5 }, { name: 'person', distinct: -1 }] })
})

test('who may not see the statistics gets the sizes, and is told', async () => {
  const { tables, unread } = await readStatistics(url('authenticator'), [names[0] ?? { schema: '', name: '' }])
  expect(tables).toMatchObject([{ name: 'people', rows: 1000, columns: [] }])
  expect(unread).toEqual(['Their sizes were read, but this user may not see the statistics of app.people.'])
})

test('the catalog of a command knows them, and what could not be read is said', async () => {
  const notes: string[] = []
  const terminal = { step: async <Result>(_title: string, run: (progress: () => void) => Promise<Result>) => run(() => undefined), note: (text: string) => void notes.push(text) } as unknown as Terminal
  const options = { statsFrom: url('postgres') } as CommandOptions
  const { server: measured, statistics } = await withStatistics(server, { options, terminal })
  expect(measured.catalog.measured?.map(({ schema, name }) => `${schema}.${name}`)).toEqual(['app.people', 'app.visits', 'app.visits_1', 'app.visits_2'])
  expect(statistics).toMatchObject({ from: `postgres@localhost/${database.name}`, tables: expect.arrayContaining(['app.people']) })
  expect(notes[0]).toBe(`Sizes and statistics of 4 tables are those of postgres@localhost/${database.name}; nothing was written there.`)
  // The replayed history itself is as it was.
  expect(server.catalog.measured).toBeUndefined()
  await expect(withStatistics(server, { options: { statsFrom: 'production' } as CommandOptions, terminal })).rejects.toMatchObject({ exitCode: 2 })
})

test('a database that cannot be reached, without its password', async () => {
  const failed = await readStatistics('postgresql://me:s%40cret@127.0.0.1:1/nowhere', names).catch((error: unknown) => error as { issues: { code: string; message: string }[] })
  expect(failed).toMatchObject({ issues: [{ code: 'SERVER_FAILED', message: expect.stringContaining('me@127.0.0.1:1/nowhere cannot be read:') }] })
  expect(JSON.stringify(failed)).not.toMatch(/s%40cret|s@cret/)
})
