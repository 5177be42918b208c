/** A file of statements with, before each, `-- name: x`, `-- rate: 5/s` and `-- as: role` where wanted. */
import { parseRate } from '../../design/quantities.ts'
import { type Issue, TrrError, locate } from '../../errors.ts'
import { type Node, SqlSyntaxError, type Statement, scanTokens, walk } from '../../sql/parser.ts'
import { type WorkloadText, splitWorkload } from './split-workload.ts'

export interface FileStatement {
  name: string
  kind: 'select' | 'insert' | 'update' | 'delete'
  sql: string
  tree: Node
  /** Times per second; 1 where nothing is said. */
  perSecond: number
  declaresRate: boolean
  /** The role that runs it. */
  as: string
  /** Highest `$n`. */
  parameters: number
  line: number
}

export interface WorkloadFile {
  statements: FileStatement[]
  /** Views that queries of the file stand on. */
  setup: string[]
  /** Statements that are no workload, in words. */
  skipped: string[]
  /** Statements that cannot be read, in words. */
  faults: string[]
}

const kinds: Record<string, FileStatement['kind']> = { SelectStmt: 'select', InsertStmt: 'insert', UpdateStmt: 'update', DeleteStmt: 'delete' }
const keys = ['name', 'rate', 'as']

/** Throws a TrrError with all that is wrong. */
export function readWorkload(text: string, file: string, defaultRole: string): WorkloadFile {
  const found: WorkloadFile = { statements: [], setup: [], skipped: [], faults: [] }
  const issues: Issue[] = []
  let end = 0
  const { statements, faults } = parse(text, file)
  found.faults = faults.map(({ position, message }) => `line ${locate(text, position).line}: ${message}`)
  for (const statement of statements) {
    const lead = text.slice(end, statement.start)
    const kind = kinds[statement.kind]
    const { line } = locate(text, statement.start)
    if (kind) found.statements.push(fileStatement(statement, kind, { lead, leadStart: end, line, text, file, issues, defaultRole, place: found.statements.length + 1 }))
    else if (statement.kind === 'ViewStmt') found.setup.push(statement.sql)
    else found.skipped.push(`line ${line}: ${statement.sql.split(/\s+/).slice(0, 2).join(' ').toLowerCase()}`)
    end = statement.end
  }
  for (const [place, { name, line }] of found.statements.entries())
    if (found.statements.findIndex((other) => other.name === name) < place) issues.push({ code: 'SPEC_DUPLICATE', message: `Two statements are called "${name}".`, remedy: 'Give each a name of its own.', place: { file, line, column: 1 } })
  if (issues.length > 0) throw new TrrError(issues)
  if (found.statements.length === 0) throw new TrrError({ code: 'USAGE', message: `There is no statement in ${file}${found.skipped.length > 0 ? `, only ${found.skipped.slice(0, 3).join(', ')}` : ''}.`, remedy: 'Write select, insert, update or delete statements, each with a semicolon.' })
  return found
}

interface StatementContext {
  lead: string
  leadStart: number
  line: number
  text: string
  file: string
  issues: Issue[]
  defaultRole: string
  place: number
}

function fileStatement({ sql, tree }: Statement, kind: FileStatement['kind'], { lead, leadStart, line, text, file, issues, defaultRole, place }: StatementContext): FileStatement {
  const said = new Map<string, string>()
  for (const { start, text: comment } of commentsOf(lead)) {
    const [, key = '', value = ''] = /^--\s*([a-z]+)\s*:\s*(.+?)\s*$/.exec(comment) ?? []
    if (!keys.includes(key)) continue
    said.set(key, value)
    if (key === 'rate' && parseRate(value) === null) {
      const { line: at, column, excerpt } = locate(text, leadStart + start)
      issues.push({ code: 'SPEC_VALUE', message: `"${value}" is not a rate.`, remedy: 'Write a rate such as 120/s, 30/min, 5/h or 900/day.', place: { file, line: at, column }, excerpt })
    }
  }
  let parameters = 0
  walk(tree, (type, node) => {
    if (type === 'ParamRef') parameters = Math.max(parameters, Number(node['number'] ?? 0))
  })
  const rate = said.get('rate')
  return { name: said.get('name') ?? `q${place}`, kind, sql, tree, perSecond: (rate === undefined ? null : parseRate(rate)) ?? 1, declaresRate: rate !== undefined, as: said.get('as') ?? defaultRole, parameters, line }
}

function commentsOf(lead: string): { start: number; text: string }[] {
  if (lead.trim() === '') return []
  const bytes = Buffer.from(lead)
  return scanTokens(lead).filter(({ tokenName }) => tokenName === 'SQL_COMMENT').map(({ start, end }) => ({ start: bytes.subarray(0, start).toString().length, text: bytes.subarray(start, end).toString() }))
}

function parse(text: string, file: string): WorkloadText {
  try {
    return splitWorkload(text)
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    const { line, column, excerpt } = locate(text, error.position)
    throw new TrrError({ code: 'USAGE', message: `${file} cannot be parsed: ${error.message}.`, remedy: 'Parameters are written $1, $2, …; commands of psql are no SQL.', place: { file, line, column }, excerpt }, { cause: error })
  }
}
