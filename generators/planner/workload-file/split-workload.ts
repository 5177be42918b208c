/** The statements of a workload one by one, so that one that cannot be read does not hide the others. */
import { type Node, SqlSyntaxError, type Statement, scanTokens, splitStatements } from '../../sql/parser.ts'

export interface WorkloadText {
  statements: Statement[]
  /** Where a statement cannot be read, and what the parser says; in characters. */
  faults: { position: number; message: string }[]
}

/** Parts between semicolons, where the whole cannot be read. Throws SqlSyntaxError where not even they are told apart. */
export function splitWorkload(text: string): WorkloadText {
  try {
    return { statements: splitStatements(text).map(explained), faults: [] }
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    return byPart(text, error)
  }
}

function byPart(text: string, whole: SqlSyntaxError): WorkloadText {
  const found: WorkloadText = { statements: [], faults: [] }
  for (const { start, end } of partsOf(text)) {
    try {
      found.statements.push(...splitStatements(text.slice(start, end)).map(explained).map((statement) => ({ ...statement, start: statement.start + start, end: statement.end + start })))
    } catch (error) {
      if (!(error instanceof SqlSyntaxError)) throw error
      found.faults.push({ position: start + error.position, message: error.message })
    }
  }
  if (found.statements.length === 0) throw whole
  return found
}

function partsOf(text: string): { start: number; end: number }[] {
  const bytes = Buffer.from(text)
  const ends = scanTokens(text).filter(({ tokenName }) => tokenName === 'ASCII_59').map(({ end }) => bytes.subarray(0, end).toString().length)
  return [...ends, text.length].map((end, place) => ({ start: ends[place - 1] ?? 0, end })).filter(({ start, end }) => text.slice(start, end).trim() !== '')
}

/** `explain (analyze) select …` is about the `select`. */
function explained(statement: Statement): Statement {
  const { query } = (statement.tree['ExplainStmt'] ?? {}) as { query?: Node }
  if (!query) return statement
  let depth = 0
  const first = scanTokens(statement.sql).find(({ text }) => {
    depth += text === '(' ? 1 : text === ')' ? -1 : 0
    return depth === 0 && begins.has(text.toUpperCase())
  })
  if (!first) return statement
  const lead = Buffer.from(statement.sql).subarray(0, first.start).toString().length
  return { ...statement, sql: statement.sql.slice(lead), start: statement.start + lead, kind: Object.keys(query)[0] ?? '', tree: query }
}

const begins = new Set(['SELECT', 'WITH', 'VALUES', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TABLE'])
