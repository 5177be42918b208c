/** The statements of a workload one by one, so that one that cannot be read does not hide the others. */
import { type Node, SqlSyntaxError, type Statement, scanTokens, splitStatements } from '../../sql/parser.ts'
import { type PsqlScript, type ScriptPart, readPsqlScript } from '../../sql/psql-script.ts'

export interface WorkloadText {
  statements: Statement[]
  /** Where a statement cannot be read, what the parser says, and what may help; in characters. */
  faults: { position: number; message: string }[]
  /** Where a statement was taken to end that has no semicolon. */
  unended: number[]
  commands: PsqlScript['commands']
}

export function splitWorkload(text: string): WorkloadText {
  const script = readPsqlScript(text)
  const found: WorkloadText = { statements: [], faults: [], unended: [], commands: script.commands }
  for (const part of script.statements) {
    const pieces = byName(part)
    found.unended.push(...pieces.slice(0, -1).map(({ end }) => end))
    for (const piece of pieces) {
      try {
        found.statements.push(...splitStatements(withCasts(piece.sql)).map(explained).map((statement) => ({ ...statement, start: statement.start + piece.start, end: piece.end })))
      } catch (error) {
        if (!(error instanceof SqlSyntaxError)) throw error
        found.faults.push({ position: piece.start + error.position, message: `${error.message}${helpFor(piece.sql, error.position)}` })
      }
    }
  }
  return found
}

/** A comment that names a statement begins one, with a semicolon before it or without. */
function byName(part: ScriptPart): ScriptPart[] {
  const starts = [...part.sql.matchAll(/^[ \t]*--\s*name\s*:/gm)].map(({ index }) => index).filter((index) => index > 0)
  return [0, ...starts].flatMap((from, place, all) => {
    const piece = part.sql.slice(from, all[place + 1])
    const [lead = ''] = /^(?:\s|--[^\n]*(?:\n|$))*/.exec(piece) ?? []
    const sql = piece.slice(lead.length).trimEnd()
    const start = part.start + from + lead.length
    return sql === '' ? [] : [{ sql, start, end: start + sql.length, rows: null }]
  })
}

/** What people write in the place of `$1`, and statements that run into each other. */
function helpFor(sql: string, position: number): string {
  const rest = sql.slice(position)
  if (rest.startsWith('?')) return '. Write $1, $2, … in the place of ?'
  if (/^[:@]/.test(rest) || /[:@]\w*$/.test(sql.slice(0, position))) return '. Write $1, $2, … in the place of named parameters'
  if (/^(select|with|insert|update|delete|merge)\b/i.test(rest)) return '. Is there a semicolon missing before it?'
  return ''
}

const constantTypes = new Set(['INTERVAL', 'DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'TIME'])

/** `interval '1 day'` is written `interval $1` by pg_stat_statements, which is no SQL. Places behind it move. */
function withCasts(sql: string): string {
  if (!/\b(interval|date|timestamp|timestamptz|time)\s+\$\d/i.test(sql)) return sql
  let bytes = Buffer.from(sql)
  const tokens = scanTokens(sql)
  for (const [place, { text, start, tokenName }] of [...tokens.entries()].toReversed()) {
    const before = tokens[place - 1]
    if (tokenName === 'PARAM' && before && constantTypes.has(before.text.toUpperCase())) bytes = Buffer.concat([bytes.subarray(0, before.start), Buffer.from(`${text}::${before.text.toLowerCase()}`), bytes.subarray(start + text.length)])
  }
  return bytes.toString()
}

/** `explain (analyze) select …`, `prepare x as select …` and `declare c cursor for select …` are about the `select`. */
function explained(statement: Statement): Statement {
  const { query } = (statement.tree['ExplainStmt'] ?? statement.tree['PrepareStmt'] ?? statement.tree['DeclareCursorStmt'] ?? {}) as { query?: Node }
  if (!query) return statement
  let depth = 0
  const tokens = scanTokens(statement.sql)
  const first = tokens.find(({ text }, place) => {
    depth += text === '(' ? 1 : text === ')' ? -1 : 0
    return depth === 0 && place > 0 && begins.has(text.toUpperCase()) && tokens[place + 1]?.text.toUpperCase() !== 'HOLD'
  })
  if (!first) return statement
  const lead = Buffer.from(statement.sql).subarray(0, first.start).toString().length
  return { ...statement, sql: statement.sql.slice(lead), start: statement.start + lead, kind: Object.keys(query)[0] ?? '', tree: query }
}

const begins = new Set(['SELECT', 'WITH', 'VALUES', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TABLE'])
