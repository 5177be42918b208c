/** The schema docs against the committed ones of the sample repository, and what no sample has. */
import { readFileSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { documentedSchemas, mergeIndex, tableFiles } from '../../generators/artifacts/schema-docs/folder.ts'
import { tablesOf } from '../../generators/commands/pipeline/schema-docs-state.ts'
import type { DocumentedTable } from '../../generators/design/documented-table.ts'
import { type ReplayedServer, openServer } from '../../generators/postgres/server.ts'

const sample = 'references/examples/trr/supabase'
const docs = readdirSync(`${sample}/schema_docs`)
const odd = {
  path: 'm/9999_odd.sql',
  sql: `create schema odd;
    create domain odd.score as numeric check (value >= 0);
    create type odd.mood as enum ('good');
    create table odd."Größe" (
      a int generated always as identity, b int not null, c odd.score not null default 1, d odd.mood, e text[] default '{ä}',
      f int generated always as (b * 2) stored, g varchar(20), h time, "select" text, primary key (a, b), unique nulls not distinct (g)
    );
    create index odd_idx on odd."Größe" (lower(g) desc, "select") include (h) where b > 1;
    create table odd.child (a int, b int, constraint pair foreign key (a, b) references odd."Größe") partition by range (a);
    create table odd.child_1 partition of odd.child for values from (1) to (2);
    create view odd.seen as select 1 as one;`,
}

let server: ReplayedServer
let tables: DocumentedTable[]
beforeAll(async () => {
  const history = readdirSync(`${sample}/migrations`).map((name) => ({ path: `supabase/migrations/${name}`, sql: readFileSync(`${sample}/migrations/${name}`, 'utf8') }))
  server = await openServer({ major: 17, history })
  tables = (await tablesOf(server, [odd])).after
})
afterAll(() => server.stop())

const find = (name: string) => tables.find((table) => table.name === name) as DocumentedTable

test('every table of the sample gives the committed bytes, and no other', async () => {
  const files = (await Promise.all(tables.filter(({ schema }) => schema === 'core').map((table) => tableFiles(table, null)))).flat()
  const written = Object.fromEntries(files.map(({ path, text }) => [path.slice('supabase/schema_docs/'.length), text]))
  const committed = Object.fromEntries(docs.filter((name) => name !== 'INDEX.md').map((name) => [name, readFileSync(`${sample}/schema_docs/${name}`, 'utf8')]))
  expect(written).toEqual(committed)
})

describe('a table with everything', () => {
  it('is described in the words of information_schema', () => {
    expect(find('Größe').columns.map(({ name, dataType, nullable, identity, generated }) => [name, dataType, nullable, identity, generated])).toEqual([
      ['a', 'integer', false, true, false], ['b', 'integer', false, false, false], ['c', 'numeric', false, false, false],
      ['d', 'USER-DEFINED', true, false, false], ['e', 'ARRAY', true, false, false], ['f', 'integer', true, false, true],
      ['g', 'character varying', true, false, false], ['h', 'time without time zone', true, false, false], ['select', 'text', true, false, false],
    ])
    expect(find('Größe')).toMatchObject({ primaryKey: ['a', 'b'], uniqueConstraints: [['g']], rowSecurity: false })
  })

  it('agrees with information_schema itself', async () => {
    const database = await server.createDatabase()
    await using session = await database.connect()
    const { rows } = await session.query<{ name: string; said: string[] }>(`
      select table_schema || '.' || table_name as name,
        array_agg(concat_ws(' ', column_name, data_type, is_nullable, column_default, is_identity, is_generated) order by ordinal_position) as said
      from information_schema.columns join information_schema.tables using (table_schema, table_name)
      where table_type = 'BASE TABLE' and table_schema in ('core', 'social', 'surveys') group by 1 order by 1`)
    const ours = tables.filter(({ schema }) => ['core', 'social', 'surveys'].includes(schema)).map(({ schema, name, columns }) => ({
      name: `${schema}.${name}`,
      said: columns.map((one) => [one.name, one.dataType, one.nullable ? 'YES' : 'NO', ...(one.default === null ? [] : [one.default]), one.identity ? 'YES' : 'NO', one.generated ? 'ALWAYS' : 'NEVER'].join(' ')),
    }))
    expect(ours).toEqual(rows)
  })

  it('lists every key of an index by itself, and pairs the columns of a composite key', () => {
    expect(find('Größe').indexes.find(({ name }) => name === 'odd_idx')).toMatchObject({ keys: ['lower(g::text)', 'select'], unique: false })
    expect(find('child').foreignKeys).toEqual([
      { constraint: 'pair', column: 'a', references: 'odd.Größe.a' },
      { constraint: 'pair', column: 'b', references: 'odd.Größe.b' },
    ])
  })

  it('has JSON in ASCII that parses to what the Markdown says', async () => {
    const [json, md] = await tableFiles(find('Größe'), null)
    expect(json?.text).toMatch(/^[\x20-\x7e\n]*[^\n]$/)
    const parsed = JSON.parse(json?.text ?? '') as { table: string; columns: { name: string }[]; example_row: object }
    expect(parsed).toMatchObject({ table: 'Größe', example_row: { a: 0, d: 'example', e: [] } })
    expect(parsed.columns.map(({ name }) => name)).toEqual(Object.keys(parsed.example_row))
    for (const { name } of parsed.columns) expect(md?.text).toContain(`\n| ${name} | `)
  })

  it('is neither a partition nor a view', () => {
    expect(tables.filter(({ schema }) => schema === 'odd').map(({ name }) => name)).toEqual(['Größe', 'child'])
  })
})

describe('the index', () => {
  const committed = readFileSync(`${sample}/schema_docs/INDEX.md`, 'utf8')

  it('is the committed one when it is made from nothing', () => {
    expect(mergeIndex(undefined, tables.filter(({ schema }) => schema === 'core').map(({ name }) => `core.${name}`), []).text).toBe(committed)
  })

  it('keeps what a person wrote, the order and the missing last newline', () => {
    const { text } = mergeIndex(`${committed}\n\nAsk Ana.`, ['core.show_notes', 'core.zebras', 'core.shows'], ['core.people'])
    expect(text.split('\n').slice(-7)).toEqual([
      '- [core.show_images](core.show_images.md)', '- [core.show_notes](core.show_notes.md)', '- [core.shows](core.shows.md)',
      '- [core.zebras](core.zebras.md)', '', 'Ask Ana.',
    ].toSpliced(0, 0, '- [core.seasons](core.seasons.md)'))
    expect(text).not.toContain('core.people')
    expect(mergeIndex(committed, ['core.shows'], []).text).toBe(committed)
  })
})

test('only schemas with a file are documented', () => {
  expect([...documentedSchemas({ 'INDEX.md': '', 'core.shows.md': '', 'surveys.answers.json': '' }, 'app')]).toEqual(['core', 'surveys'])
  expect([...documentedSchemas({ 'INDEX.md': '' }, 'app')]).toEqual(['app'])
})
