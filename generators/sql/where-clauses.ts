/** Where the conditions of a statement stand in its text. */
import { parseExpression } from './expression.ts'
import { scanTokens } from './parser.ts'

export interface WhereClause {
  /** Offsets in characters; `end` is exclusive. */
  start: number
  end: number
  predicate: string
}

const followers = new Set(['group', 'order', 'having', 'limit', 'offset', 'fetch', 'for', 'returning', 'union', 'intersect', 'except', 'window', ';'])

/** Every WHERE, those of subqueries included, outermost first as far as they begin first. */
export function whereClauses(sql: string): WhereClause[] {
  const tokens = scanTokens(sql)
  const bytes = Buffer.from(sql)
  const characters = (byte: number) => bytes.subarray(0, byte).toString().length
  return tokens.flatMap((token, index) => {
    if (token.text.toLowerCase() !== 'where') return []
    let depth = 0
    let last = token
    for (const next of tokens.slice(index + 1)) {
      if (depth === 0 && (next.text === ')' || followers.has(next.text.toLowerCase()))) break
      depth += next.text === '(' ? 1 : next.text === ')' ? -1 : 0
      last = next
    }
    const [start, end] = [characters(token.end), characters(last.end)]
    return isExpression(sql.slice(start, end)) ? [{ start, end, predicate: sql.slice(start, end).trim() }] : []
  })
}

function isExpression(text: string): boolean {
  try {
    parseExpression(text)
    return true
  } catch {
    return false
  }
}
