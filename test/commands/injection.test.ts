/** No text of a spec ever becomes a statement, a heading or a cell: it is quoted, or refused. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { TrrError } from '../../generators/errors.ts'
import { renderDocuments } from '../../generators/artifacts/index.ts'
import type { DocumentInput } from '../../generators/artifacts/define-artifact.ts'
import { readCheckedSpec } from '../../generators/commands/pipeline/read-checked-spec.ts'
import { applyFiles } from '../../generators/postgres/replay.ts'
import { type ReplayedServer, openServer } from '../../generators/postgres/server.ts'
import { type Repository, readRepository } from '../../generators/repository/read.ts'
import { scanTokens, splitStatements } from '../../generators/sql/parser.ts'
import { documentInput } from '../support/document-input.ts'
import { type Slot, hostileSpec, nameSlots, textSlots } from '../support/hostile-spec.ts'
import { pageFaults } from '../support/page-faults.ts'

const payloads = [
  `x"; drop schema core cascade; --`,
  `'; drop table core.shows cascade; --`,
  `$$; drop table core.shows cascade; $$`,
  `$body1$; drop table core.shows cascade; $body1$ $$`,
  `x\\'; drop table core.shows cascade; --\\`,
  `*/ drop table core.shows cascade; /*`,
  `first line\ndrop table core.shows cascade;\n-- last line`,
  `first line\n\\! touch /tmp/trr-db-was-here\n\\q`,
  `<%= 7 * 191 %> <%- process.exit(1) %> %> <%`,
  `<script>alert(1)</script> <img src=x onerror=alert(1)>`,
  '```\n# Heading\n```sql\ndrop table core.shows;\n```',
  `| a | b |\n|---|---|\n# Heading\n- [x] ticked\n---`,
  `[link](javascript:alert(1)) ![image](https://example.com/x.png) <https://example.com>`,
  `"]:::existing { } \n%% mermaid\nclick a href "https://example.com"`,
  `\${HOME} \`id\` $(id) %s %1$s {{x}} :name :'name' \\gset`,
  `line separator\u2028and paragraph\u2029, no-break\u00a0space, \u{1f642}, \u0301`,
]

let server: ReplayedServer
let repository: Repository
let before: string[]
/** Of the last spec. */
let refusal = ''

beforeAll(async () => {
  repository = await readRepository('references/examples/trr')
  server = await openServer({ major: 17, history: repository.migrations })
  before = await objectsAfter([])
}, 120_000)
afterAll(() => server?.stop())

/** Null when the spec is refused. */
async function expand(text: string): Promise<DocumentInput | null> {
  try {
    return await documentInput(await readCheckedSpec({ text, file: 'hostile.yaml', server, repository }), undefined, server.catalog)
  } catch (error) {
    if (!(error instanceof TrrError)) throw error
    refusal = error.message
    expect(error.exitCode).toBe(2)
    for (const { place, message, remedy } of error.issues) {
      expect({ place, message }).toEqual({ place: { file: 'hostile.yaml', line: expect.any(Number), column: expect.any(Number) }, message: expect.not.stringMatching(/[\p{Cc}\p{Bidi_Control}]/u) })
      expect(remedy ?? '', message).not.toBe('')
    }
    return null
  }
}

/** Everything that existed is there afterwards; every page is one page; nothing in a file is for psql alone. */
async function isHarmless(input: DocumentInput): Promise<void> {
  const migrations = input.sql.filter(({ kind }) => kind === 'migration').map(({ path, text }) => ({ path, sql: text }))
  const after = new Set(await objectsAfter(migrations))
  expect(before.filter((object) => !after.has(object))).toEqual([])
  for (const { path, text } of input.sql) {
    expect(splitStatements(text).length, path).toBeGreaterThan(0)
    expect(psqlReads(text), path).toEqual([])
  }
  for (const { path, text } of await renderDocuments(input)) expect(await pageFaults(text), path).toEqual([])
}

async function objectsAfter(files: { path: string; sql: string }[]): Promise<string[]> {
  const database = await server.createDatabase()
  try {
    await applyFiles(database, files)
    await using session = await database.connect()
    const { rows } = await session.query<{ object: string }>(`
      select format('%s.%s %s %s', relnamespace::regnamespace, relname, relkind, relacl) as object from pg_class
      where relnamespace::regnamespace::text !~ '^pg_' union all
      select format('%s %s %s', oid::regprocedure, md5(prosrc), proacl) from pg_proc where pronamespace::regnamespace::text !~ '^pg_' union all
      select format('%s %s %s', polrelid::regclass, polname, pg_get_expr(polqual, polrelid)) from pg_policy union all
      select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint where conrelid > 0 union all
      select format('%s %s', rolname, rolsuper) from pg_roles`)
    return rows.map(({ object }) => object)
  } finally {
    await database.drop()
  }
}

/** psql obeys backslashes and puts variables in, wherever no quote protects them. */
function psqlReads(sql: string): string[] {
  const bytes = Buffer.from(sql)
  const texts = scanTokens(sql).map(({ start, end, tokenName }) => ({ text: bytes.subarray(start, end).toString(), tokenName }))
  const open = texts.filter(({ text, tokenName }) => !['SCONST', 'SQL_COMMENT', 'C_COMMENT'].includes(tokenName) && !/^(U&|[EBXN])?['"]/i.test(text))
  return [
    ...open.map(({ text }) => text).filter((text) => /[\\\n]/.test(text)),
    // A comment of several lines was one line when it was written.
    ...texts.filter(({ text, tokenName }) => tokenName === 'C_COMMENT' && text !== '').map(({ text }) => text),
  ]
}

describe('a hostile text', () => {
  test.each(payloads)('%j in every text at once', async (payload) => {
    const input = await expand(stringify(hostileSpec(textSlots.map((slot): [Slot, string] => [slot, payload]))))
    expect(input, refusal).not.toBeNull()
    if (input === null) return
    await isHarmless(input)
  })
})

test('a hostile name is quoted or refused', async () => {
  const names = fc.oneof(fc.constantFrom(...payloads), fc.constantFrom(...payloads).map((text) => `"${text.replaceAll('"', '""')}"`), fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }))
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...nameSlots), names, fc.constantFrom(...textSlots), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), async (slot, name, other, text) => {
      const input = await expand(stringify(hostileSpec([[slot, name], [other, text]])))
      if (input === null) return
      accepted += 1
      await isHarmless(input)
    }),
    { numRuns: Number(process.env['TRR_DB_RUNS'] ?? 20), ...(process.env['TRR_DB_RUNS'] ? {} : { seed: 20261122 }) },
  )
  expect(accepted).toBeGreaterThan(0)
}, 600_000)
