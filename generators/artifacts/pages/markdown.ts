/** Markdown that GitHub shows as it is meant, whatever stands in the text. */
import { visible } from '../../design/visible.ts'

/** A code span. A backtick in the text takes a longer fence. */
export function code(text: string): string {
  const flat = oneLine(text)
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest > 0 ? `${fence} ${flat} ${fence}` : `${fence}${flat}${fence}`
}

/** `a`, `b`, `c` as code spans. */
export function codes(texts: readonly string[]): string {
  return texts.map(code).join(', ')
}

/** A person's words: one line, no HTML, no links, no emphasis by accident. What stands between backticks stays code. */
export function prose(text: string): string {
  const flat = oneLine(text.trim())
  let result = ''
  let end = 0
  for (const { 0: span, index } of flat.matchAll(/(?<!`)(`+)(?!`)[^`]+\1(?!`)/g)) {
    result += plain(flat.slice(end, index)) + span
    end = index + span.length
  }
  result += plain(flat.slice(end))
  // What begins a heading, a list, a quotation, a table or the line below a heading.
  return result.replace(/^([#>+=|~-]|\d+(?=[.)]))/, (mark) => (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`))
}

function plain(text: string): string {
  return text.replace(/[\\*[`]/g, '\\$&').replace(/<(?=[a-z/!?])/gi, '&lt;')
}

/** Without line ends; what cannot be seen, or turns the direction of reading, is written out. */
function oneLine(text: string): string {
  return visible(text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' '))
}

/** A table. Columns that are empty in every row are left out, and so is a table without rows. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = header.map((_title, column) => column).filter((column) => rows.some((row) => (row[column] ?? '') !== ''))
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${used.map((column) => cell(cells[column] ?? '')).join(' | ')} |`
  return [line(header), `|${used.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

/** A bar would end the cell, even within code. */
function cell(text: string): string {
  return oneLine(text).replaceAll('|', '\\|')
}

/**
 * A fenced block. `sql` can be run as it stands, as role `postgres`, and a test does so; `sql definition` shows what exists
 * already, `sql requires=…` needs something that not every server has. GitHub colours all three.
 */
export function fence(info: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const marks = '`'.repeat(longest + 1)
  return `${marks}${info}\n${text.trim()}\n${marks}`
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** `1 table`, `2 tables`, `no table`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return count === 1 ? `1 ${noun}` : `${count === 0 ? 'no' : count} ${count === 0 ? noun : plural}`
}
