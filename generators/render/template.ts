/**
 * EJS, made strict. In SQL `<%= x %>` is a quoted literal, in Markdown it is text with its special characters escaped,
 * and in both a missing value throws. `<%- x %>` is for what is rendered already.
 */
import { join } from 'node:path'
import ejs from 'ejs'
import { literal } from '../sql/literal.ts'
import { loadParser, scanTokens } from '../sql/parser.ts'
import { packageRoot } from './package-root.ts'

/** Renders `templates/<name>`, for example `tables/migration.sql.ejs`. The view must be complete: templates hold no logic. */
export async function renderTemplate(name: string, view: object): Promise<string> {
  const escape = name.endsWith('.sql.ejs') ? sqlValue : markdownText
  const file = join(packageRoot(), 'templates', name)
  const text: string = await ejs.renderFile(file, { ...view }, { escape, async: false, cache: true, rmWhitespace: false })
  return name.endsWith('.sql.ejs') ? tidySqlFile(text) : tidy(text)
}

function sqlValue(value: unknown): string {
  return literal(String(present(value)))
}

function markdownText(value: unknown): string {
  return String(present(value)).replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\r?\n/g, ' ')
}

function present(value: unknown): unknown {
  if (value === undefined || value === null) throw new Error('A template used a value that is missing.')
  return value
}

/** Tidy everywhere but within quotes and function bodies: there every space counts. */
async function tidySqlFile(text: string): Promise<string> {
  await loadParser()
  const bytes = Buffer.from(text)
  const kept: string[] = []
  let open = ''
  let end = 0
  for (const token of scanTokens(text)) {
    const source = bytes.subarray(token.start, token.end).toString()
    if (!source.includes('\n') || token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT') continue
    open += `${bytes.subarray(end, token.start).toString()}\0${kept.push(source) - 1}\0`
    end = token.end
  }
  return tidy(open + bytes.subarray(end).toString()).replace(/\0(\d+)\0/g, (_, place: string) => kept[Number(place)] ?? '')
}

/** No spaces at line ends, never two blank lines, one newline at the end. */
function tidy(text: string): string {
  return `${text.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n').trim()}\n`
}
