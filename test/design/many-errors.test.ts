import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TrrError, exitCodeOf } from '../../generators/errors.ts'
import { specJsonSchema } from '../../generators/design/input.ts'
import { sampleCatalog } from './sample-catalog.ts'
import { issuesOf, read, specText } from './spec-text.ts'

describe('all issues at once', () => {
  test('a type of an extension names it, and the column is there for everything else', async () => {
    const { found, places, messages } = await issuesOf(specText({ columns: 'mail: { type: ¦hstore, nullable: true }\nplain: { type: ¦textt }', top: 'queries: { by_mail: { table: notes, where: [mail =, plain =], as: service_role } }' }))
    expect(found).toEqual(places.map((place) => `SPEC_UNKNOWN_NAME ${place}`))
    expect(messages).toContain('Add a migration first: create extension if not exists hstore with schema extensions;')
  })

  test('in the order of the file, with the line, a caret and the remedy', async () => {
    const text = specText({
      columns: 'show_id: { type: uuid, references: core.show, on_delete: cascade }\ntitle: { type: text, check: char_length(titel) < 9, uniqe: true }',
      access: 'owner',
      table: 'soft_delete: on_delete\nscale: { rows: -1 }',
      top: 'tenancy: { model: tenant_column, claim: user_metadata.tenant }',
    })
    const error: unknown = await read(text).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(TrrError)
    expect((error as TrrError).exitCode).toBe(2)
    expect((error as TrrError).message).toBe(`notes.yaml:4:41  SPEC_VALUE  Users write user_metadata themselves: whoever reads the tenant from it lets everybody in everywhere.
    tenancy: { model: tenant_column, claim: user_metadata.tenant }
                                            ^
  Use a claim below app_metadata, for example: app_metadata.tenant_id
notes.yaml:9:42  SPEC_UNKNOWN_NAME  There is no table "core.show".
          show_id: { type: uuid, references: core.show, on_delete: cascade }
                                             ^
  Did you mean "core.shows"?
notes.yaml:9:53  SPEC_MISSING_KEY  "show_id" of "notes" has on_delete: cascade, and needs the key "because".
          show_id: { type: uuid, references: core.show, on_delete: cascade }
                                                        ^
  Add: because: <why rows may go, or lose their reference>
notes.yaml:10:47  SPEC_UNKNOWN_NAME  There is no column of "notes" called "titel".
          title: { type: text, check: char_length(titel) < 9, uniqe: true }
                                                  ^
  Did you mean "title"?
notes.yaml:10:59  SPEC_UNKNOWN_KEY  Unknown key "uniqe" in "title" of "notes".
          title: { type: text, check: char_length(titel) < 9, uniqe: true }
                                                              ^
  Did you mean "unique"?
notes.yaml:12:18  SPEC_CONFLICT  "owner_id" of "notes" cascades from "auth.users": a deleted parent would leave its rows behind.
        soft_delete: on_delete
                     ^
  Use soft_delete: rpc, or on_delete: restrict.
notes.yaml:13:20  SPEC_VALUE  "-1" is not a count.
        scale: { rows: -1 }
                       ^
  Write a count such as 950, 40k, 1.5M or 2B.`)
  })

  test('what is at fault itself brings no complaints about its absence', async () => {
    const text = specText({ columns: 'title: { type: text, nullable: ¦maybe }\n¦body: { nullable: true }', table: 'unique: [[title, body]]' })
    const { found, places } = await issuesOf(text)
    expect(found).toEqual([`SPEC_TYPE ${places[0]}`, `SPEC_MISSING_KEY ${places[1]}`])
  })
})

describe('what a terminal would obey', () => {
  test('is written out, and the line shows a dot for it', async () => {
    const { messages } = await issuesOf(specText({ columns: `title: { type: text, default: "\u202e", one_of: ["a", "\\u001b[2J"] }` }))
    expect(messages).toContain('The default "\\u{202e}" of "title" is not in its one_of.')
    expect(messages).toContain('Use one of: a, \\u{1b}[2J.')
    expect(messages).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
  })

  test('a byte order mark has no column', async () => {
    const { messages } = await issuesOf(`\uFEFF${specText({}).replace('design: notes', 'design: Notes')}`)
    expect(messages).toContain('notes.yaml:1:9  SPEC_VALUE')
  })
})

describe('a cycle of references that must be filled', () => {
  const pair = (first: string, second: string) =>
    `${specText({ columns: `page_id: ${first}` })}  pages:\n    about: A page.\n    columns:\n      note_id: ${second}\n    access: service_only\n`
  const to = (table: string, more = '') => `{ type: uuid, references: ${table}, on_delete: restrict${more} }`

  test('is refused once', async () => {
    const { found, places, messages } = await issuesOf(pair(to('pages'), to('notes')).replace('  notes:', '  ¦notes:'))
    expect(found).toEqual([`SPEC_CYCLE ${places[0]}`])
    expect(messages).toContain('No first row is possible: notes → pages → notes')
  })

  test('a nullable reference breaks it', async () => {
    expect((await issuesOf(pair(to('pages'), to('notes', ', nullable: true')))).found).toEqual([])
  })
})

describe('functions of soft_delete', () => {
  test('must not exist', async () => {
    const [any] = sampleCatalog.functions
    if (!any) throw new Error('no function')
    const catalog = { ...sampleCatalog, functions: [{ ...any, name: 'delete_notes' }] }
    const { found, places } = await issuesOf(specText({ table: 'soft_delete: ¦rpc' }), catalog)
    expect(found).toEqual([`SPEC_DUPLICATE ${places[0]}`])
  })
})

describe('hostile specs', () => {
  const valid = ['show_submissions', 'watchlists', 'newsroom'].map((name) => readFileSync(`references/examples/designs/${name}.yaml`, 'utf8'))

  async function onlyIssues(text: string): Promise<void> {
    try {
      await read(text)
    } catch (error) {
      if (!(error instanceof TrrError)) throw error
      expect(error.issues.length).toBeGreaterThan(0)
      for (const issue of error.issues) {
        expect(exitCodeOf(issue.code)).toBe(2)
        expect(issue.place?.line).toBeGreaterThan(0)
      }
    }
  }

  test('a spec with anything put in or cut out is read or refused, and never breaks the reader', async () => {
    const pieces = fc.constantFrom('', 'null', '~', '[]', '{}', '"', "'", ': ', '- ', '\n', '&a ', '*a', '<<: ', '!!set ', '$1', '--', '/*', ';', '(((', ')', '0x1', '.inf', '\t', '\\', '\u0000', 'é', '🙂', '"\\ud800"', '? ', '| ', '> ', '__proto__', 'constructor', '-1')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...valid), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(30), fc.oneof(pieces, fc.string({ maxLength: 10 })), async (text, place, cut, piece) => {
        const at = Math.floor(place * text.length)
        await onlyIssues(text.slice(0, at) + piece + text.slice(at + cut))
      }),
      { numRuns: 150 },
    )
  })

  test.each([
    ['deep lists', `design: ${'['.repeat(5000)}`],
    ['deep maps', `${Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')}`],
    ['deep brackets', specText({ table: `checks: ["${'('.repeat(3000)}true${')'.repeat(3000)}"]` })],
    ['a long chain', specText({ table: `checks: ["${'title || '.repeat(1000)}title = title"]` })],
    ['a chain of casts', specText({ table: `checks: ["title${'::text'.repeat(1000)} = title"]` })],
    ['a chain of cases', specText({ table: `checks: ["${'case when true then '.repeat(300)}true${' end'.repeat(300)}"]` })],
    ['a long select', specText({ top: `queries: { q: { sql: "select ${'('.repeat(3000)}1${')'.repeat(3000)}" } }` })],
    ['a long type', specText({ columns: `title: "text${'[]'.repeat(3000)}"` })],
    ['a billion laughs', `a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n`],
  ])('%s', async (_, text) => {
    await onlyIssues(text)
    // The parser still works afterwards.
    expect((await read(specText({}))).tables).toHaveLength(1)
  })
})

test('the JSON Schema knows the keys of the spec', () => {
  const schema = specJsonSchema() as { type: string; required: string[]; properties: Record<string, unknown>; additionalProperties: boolean }
  expect(schema).toMatchObject({ type: 'object', required: ['design', 'story'], additionalProperties: false })
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['tables', 'queries', 'tenancy', 'files', 'privacy', 'decisions', 'samples', 'approved', 'horizon']))
})
