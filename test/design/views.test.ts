/** Views of a spec: what is accepted, and every refusal with its code and its place. */
import { beforeAll, describe, expect, test } from 'vitest'
import { formatDocument, openSpec, setIn } from '../../generators/design/edit-spec.ts'
import { specJsonSchema } from '../../generators/design/input.ts'
import { loadParser } from '../../generators/sql/parser.ts'
import { tableConditions } from '../../generators/sql/table-conditions.ts'
import { TrrError } from '../../generators/errors.ts'
import { read } from './spec-text.ts'

beforeAll(loadParser)

const withView = (view: string) => `design: notes
story: People take notes.
schema: core
tables:
  notes:
    about: A note.
    columns: { title: text, state: text }
    access: { pattern: owner }
  secrets:
    about: A secret.
    columns: { code: text }
    access: { pattern: service_only, select: nobody }
views:
  open_notes:
    about: Open ones.
${view.replace(/^/gm, '    ')}
`

describe('accepted', () => {
  test('one table: columns with their types, the condition, and who may read the table may read the view', async () => {
    const spec = await read(withView('table: notes\ncolumns: [id, Title]\nwhere: state = \'open\' -- not the others'))
    expect(spec.views).toMatchObject([
      {
        schema: 'core', name: 'open_notes', table: { schema: 'core', name: 'notes' }, where: "state = 'open'", roles: ['authenticated', 'service_role'], reads: [{ schema: 'core', name: 'notes' }],
        columns: [{ name: 'id', type: 'uuid' }, { name: 'title', type: 'text', source: { column: 'title' } }], sql: "select id, title\nfrom core.notes\nwhere state = 'open'",
      },
    ])
  })

  test('a select: its columns by name, types where they are plain', async () => {
    const [view] = (await read(withView("sql: |\n  select n.title, count(*) as notes, min(n.state)::text as first\n  from core.notes n group by n.title\nto: [service_role]"))).views
    expect(view).toMatchObject({ table: null, roles: ['service_role'], columns: [{ name: 'title', type: 'text' }, { name: 'notes', type: 'bigint', source: null }, { name: 'first', type: 'text' }] })
  })
})

describe('refused', () => {
  test.each<[string, string, string, string]>([
    ['neither table nor sql', 'where: true', 'SPEC_MISSING_KEY', 'needs the key "table"'],
    ['no columns', 'table: notes', 'SPEC_MISSING_KEY', 'needs the key "columns"'],
    ['table and sql', 'table: notes\nsql: select title from core.notes', 'SPEC_CONFLICT', '"table" does not go with sql'],
    ['an unknown column', 'table: notes\ncolumns: [titel]', 'SPEC_UNKNOWN_NAME', '"titel"'],
    ['a column twice', 'table: notes\ncolumns: [title, title]', 'SPEC_DUPLICATE', 'stands in this view twice'],
    ['every column', 'sql: select * from core.notes', 'SPEC_EXPRESSION', 'a contract'],
    ['a whole row', 'sql: select n from core.notes n', 'SPEC_EXPRESSION', 'a whole row'],
    ['a column without a name', 'sql: select title, count(*) + 1 from core.notes group by title', 'SPEC_EXPRESSION', 'Column 2 of the select has no name'],
    ['two columns of a name', 'sql: select title, state as title from core.notes', 'SPEC_EXPRESSION', 'stands in the select twice'],
    ['a parameter', 'sql: select title from core.notes where title = $1', 'SPEC_EXPRESSION', 'A parameter'],
    ['two statements', 'sql: select title from core.notes; drop table core.notes', 'SPEC_EXPRESSION', 'exactly one select'],
    ['a write', 'sql: "with gone as (delete from core.notes returning title) select title from gone"', 'SPEC_EXPRESSION', 'only reads'],
    ['an unknown table', 'sql: select title from core.note', 'SPEC_UNKNOWN_NAME', 'core.note'],
    ['no schema', 'sql: select title from notes', 'SPEC_EXPRESSION', 'has no schema'],
    ['a table of Supabase', 'sql: select u.id from auth.users u', 'SPEC_CONFLICT', 'belongs to Supabase'],
    ['a role that the table does not let in', 'table: notes\ncolumns: [title]\nto: [anon]', 'SPEC_CONFLICT', 'anon may not select from "core.notes"'],
    ['a table that nobody reads', 'table: secrets\ncolumns: [code]', 'SPEC_CONFLICT', 'nobody could read this view'],
  ])('%s', async (_title, view, code, message) => {
    const issues = await issuesOf(withView(view))
    const found = issues.filter((issue) => issue.code === code && issue.message.includes(message))
    expect(found, JSON.stringify(issues)).toHaveLength(1)
    expect(found[0]?.remedy).toBeTruthy()
    expect(found[0]?.place?.line).toBeGreaterThan(13)
  })

  test.each([
    ['the name of a table', 'open_notes', 'notes', 'SPEC_DUPLICATE'],
    ['a schema of Supabase', 'open_notes', 'storage.open_notes', 'SPEC_VALUE'],
    ['the schema of the helpers', 'open_notes', 'private.open_notes', 'SPEC_VALUE'],
    ['a schema that is not there', 'open_notes', 'croe.open_notes', 'SPEC_UNKNOWN_NAME'],
  ])('%s', async (_title, from, to, code) => {
    expect((await issuesOf(withView('table: notes\ncolumns: [title]').replace(`  ${from}:`, `  ${to}:`))).map((issue) => issue.code)).toEqual([code])
  })
})

test('a view is edited in place, and editors know its keys', () => {
  const document = openSpec(withView('table: notes # the one\ncolumns: [title]'))
  setIn(document, ['views', 'open_notes', 'to'], ['authenticated'])
  expect(formatDocument(document)).toContain('    table: notes # the one\n')
  expect(formatDocument(document)).toContain('    to:\n      - authenticated\n')
  expect(JSON.stringify(specJsonSchema())).toContain('"views"')
})

test('conditions of a select about one table each', () => {
  expect(tableConditions("select a.x from core.a a join core.b b on b.id = a.id where a.x = 'y' and b.z between 1 and 2 and a.x <> b.w and exists (select from core.c)")).toEqual([
    { schema: 'core', name: 'a', sql: "x = 'y'" },
    { schema: 'core', name: 'b', sql: 'z between 1 and 2' },
  ])
  expect(tableConditions('select x from core.a where x > 1 or x < 0')).toEqual([{ schema: 'core', name: 'a', sql: 'x > 1 or x < 0' }])
})

async function issuesOf(text: string) {
  const error = await read(text).then(() => null, (thrown: unknown) => thrown)
  return error instanceof TrrError ? error.issues : []
}
