/** Where a stand-in for an extension cannot take what the extension takes, and the statement is changed instead. */
import { scanTokens } from '../sql/parser.ts'
import type { Node, Statement } from '../sql/parser.ts'

const vectorMethods = new Set(['hnsw', 'ivfflat'])

/**
 * The statement without the storage parameters of an index of pgvector (`with (lists = 100)`): the access method behind the
 * stand-in knows none of them. Blanks keep the places of everything else.
 */
export function withoutVectorParameters(statement: Statement): Statement {
  const { sql, kind, tree } = statement
  const index = (tree[kind] ?? {}) as Node
  if (kind !== 'IndexStmt' || !index['options'] || !vectorMethods.has(String(index['accessMethod']))) return statement
  const bytes = Buffer.from(sql)
  const tokens = scanTokens(sql)
  const first = tokens.findIndex(({ text }, at) => text.toLowerCase() === 'with' && tokens[at + 1]?.text === '(')
  const last = tokens.findIndex(({ text }, at) => at > first && text === ')')
  const [from, to] = [tokens[first]?.start, tokens[last]?.end]
  if (from === undefined || to === undefined) return statement
  return { ...statement, sql: Buffer.concat([bytes.subarray(0, from), Buffer.alloc(to - from, ' '), bytes.subarray(to)]).toString() }
}
