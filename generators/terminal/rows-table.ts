/** Rows of a query, aligned as psql shows them. */
import { padEnd, visibleWidth } from './wrap.ts'

const longest = 80

/** Values in columns; numbers are not told apart, as values come as text. */
export function formatRows(rows: readonly Record<string, unknown>[]): string {
  const count = `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`
  const columns = Object.keys(rows[0] ?? {})
  if (columns.length === 0) return count
  const cells = rows.map((row) => columns.map((column) => shown(row[column])))
  const widths = columns.map((column, place) => Math.max(visibleWidth(column), ...cells.map((line) => visibleWidth(line[place] ?? ''))))
  const line = (values: readonly string[]) => ` ${values.map((value, place) => padEnd(value, widths[place] ?? 0)).join(' | ')}`.trimEnd()
  return [line(columns), widths.map((width) => '-'.repeat(width + 2)).join('+'), ...cells.map(line), count].join('\n')
}

// Control characters would move the cursor.
function shown(value: unknown): string {
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  const visible = text.replace(/\p{Cc}/gu, (character) => (character === '\n' ? '↵' : '�'))
  return visible.length > longest ? `${visible.slice(0, longest - 1)}…` : visible
}
