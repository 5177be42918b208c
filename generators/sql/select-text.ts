/** The clauses of one SELECT in its text, so that another way to ask can be written beside it. */
import { scanTokens } from './parser.ts'

const keywords = ['select', 'from', 'where', 'group', 'having', 'window', 'order', 'limit', 'offset', 'fetch', 'for'] as const
type Keyword = (typeof keywords)[number]

export interface SelectText {
  sql: string
  /** From the keyword to the end of the clause; in characters, `end` exclusive. */
  clauses: Partial<Record<Keyword, { start: number; end: number }>>
}

/** Null for unions and their kin, and for what reads no table. */
export function readSelectText(sql: string): SelectText | null {
  const bytes = Buffer.from(sql)
  const characters = (byte: number) => bytes.subarray(0, byte).toString().length
  let depth = 0
  const marks: { keyword: Keyword; start: number }[] = []
  let end = 0
  for (const { text, start, end: last, tokenName } of scanTokens(sql)) {
    if (tokenName === 'SQL_COMMENT' || tokenName === 'C_COMMENT') continue
    const word = text.toLowerCase()
    depth += text === '(' || text === '[' ? 1 : text === ')' || text === ']' ? -1 : 0
    if (depth === 0 && ['union', 'intersect', 'except'].includes(word)) return null
    if (depth === 0 && (keywords as readonly string[]).includes(word)) marks.push({ keyword: word as Keyword, start: characters(start) })
    if (text !== ';') end = characters(last)
  }
  const begun = marks.findIndex(({ keyword }) => keyword === 'select')
  const own = marks.slice(begun)
  if (begun === -1 || !own.some(({ keyword }) => keyword === 'from')) return null
  return { sql: sql.slice(0, end), clauses: Object.fromEntries(own.toReversed().map(({ keyword, start }) => [keyword, { start, end: own.find((next) => next.start > start)?.start ?? end }])) }
}

/** With one condition more, joined by `and`. */
export function withCondition(select: SelectText, condition: string): string {
  const { sql, clauses: { where, ...others } } = select
  if (where) return `${sql.slice(0, where.start)}where (${sql.slice(where.start + 'where'.length, where.end).trim()})\n  and ${condition}\n${sql.slice(where.end)}`.trimEnd()
  const next = (['group', 'having', 'window', 'order', 'limit', 'offset', 'fetch', 'for'] as const).flatMap((keyword) => others[keyword]?.start ?? []).toSorted((a, b) => a - b)[0] ?? sql.length
  return `${sql.slice(0, next).trimEnd()}\nwhere ${condition}\n${sql.slice(next)}`.trimEnd()
}

/** With another clause in the place of that one, or at the end; an empty one takes it away. */
export function withClause(select: SelectText, keyword: Keyword, text: string): string {
  const { sql, clauses } = select
  const found = clauses[keyword]
  return found ? `${sql.slice(0, found.start)}${text}${text === '' ? '' : '\n'}${sql.slice(found.end)}`.trimEnd() : `${sql}\n${text}`
}
