/** A file of statements with, before each, `-- name: x`, `-- rate: 5/s` and `-- as: role` where wanted. */
import { nearest } from '../../design/nearest.ts'
import { parseRate } from '../../design/quantities.ts'
import { type Issue, TrrError, locate } from '../../errors.ts'
import { type Node, type Statement, walk } from '../../sql/parser.ts'
import { splitWorkload } from './split-workload.ts'

export interface FileStatement {
  name: string
  sql: string
  tree: Node
  /** Times per second; 1 where nothing is said. */
  perSecond: number
  /** The role that runs it. */
  as: string
  /** Highest `$n`. */
  parameters: number
  /** `line 7`. */
  at: string
}

export interface WorkloadFile {
  statements: FileStatement[]
  /** What queries of the file stand on: views, and a search path. */
  setup: string[]
  /** Statements that are no workload, and what was taken to be meant, in sentences. */
  notes: string[]
  /** Statements that cannot be read, in words. */
  faults: string[]
}

const planned = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])
const keys = ['name', 'rate', 'as']

/** Throws a TrrError with all that is wrong. `atLine` tells places where the text is not the file's own. */
export function readWorkload(text: string, file: string, defaultRole: string, atLine = (line: number) => `line ${line}`): WorkloadFile {
  const { statements, faults, unended, commands } = splitWorkload(text)
  const at = (position: number) => atLine(locate(text, position).line)
  const found: WorkloadFile = { statements: [], setup: [], notes: [], faults: faults.map(({ position, message }) => `${at(position)}: ${message}`) }
  const issues: Issue[] = []
  const skipped = new Map<string, string[]>()
  const skip = (what: string, position: number) => skipped.set(what, [...(skipped.get(what) ?? []), at(position)])
  for (const { text: command, start } of commands) skip(command.split(/\s/)[0] ?? '', start)
  let end = 0
  for (const statement of statements) {
    if (planned.has(statement.kind)) found.statements.push(fileStatement(statement, { lead: text.slice(end, statement.start), leadStart: end, at: at(statement.start), atLine, text, file, issues, defaultRole, place: found.statements.length + 1, notes: found.notes }))
    else if (statement.kind === 'ViewStmt' || isSearchPath(statement)) found.setup.push(statement.sql)
    else skip(statement.sql.split(/\s+/).slice(0, 2).join(' ').toLowerCase(), statement.start)
    end = statement.end
  }
  for (const [what, places] of skipped) found.notes.push(`Not planned: ${what}, ${places.slice(0, 5).join(', ')}${places.length > 5 ? ` and ${places.length - 5} more` : ''}.`)
  for (const position of unended) found.notes.push(`After ${at(position)} the semicolon is missing; the comment with a name begins the next statement.`)
  for (const [place, { name, at: where }] of found.statements.entries())
    if (found.statements.findIndex((other) => other.name === name) < place) issues.push({ code: 'SPEC_DUPLICATE', message: `Two statements are called "${name}", the second at ${where}.`, remedy: 'Give each a name of its own.', place: { file } })
  if (found.statements.length === 0) issues.push(...nothingIn(text, file, faults, [...skipped.keys()]))
  if (issues.length > 0) throw new TrrError(issues)
  return found
}

function nothingIn(text: string, file: string, faults: readonly { position: number; message: string }[], skipped: readonly string[]): Issue[] {
  if (faults.length === 0) return [{ code: 'USAGE', message: `There is no statement in ${file}${skipped.length > 0 ? `, only ${skipped.slice(0, 3).join(', ')}` : ''}.`, remedy: 'Write select, insert, update, delete or merge statements, each with a semicolon.' }]
  return faults.map(({ position, message }) => {
    const { line, column, excerpt } = locate(text, position)
    return { code: 'USAGE', message: `${file} cannot be parsed: ${message}.`, remedy: 'Parameters are written $1, $2, …; each statement ends with a semicolon.', place: { file, line, column }, excerpt }
  })
}

function isSearchPath({ kind, tree }: Statement): boolean {
  return kind === 'VariableSetStmt' && (tree['VariableSetStmt'] as { name?: string }).name === 'search_path'
}

interface StatementContext {
  lead: string
  leadStart: number
  at: string
  atLine(line: number): string
  text: string
  file: string
  issues: Issue[]
  notes: string[]
  defaultRole: string
  place: number
}

function fileStatement({ sql, tree }: Statement, { lead, leadStart, at, atLine, text, file, issues, notes, defaultRole, place }: StatementContext): FileStatement {
  const said = new Map<string, string>()
  for (const [comment, words = ''] of lead.matchAll(/--[ \t]*([a-z]+[ \t]*:.*)$/gm))
    for (const [, key = '', value = ''] of words.matchAll(/(\w+)\s*:\s*(.*?)(?=\s+(?:name|rate|as)\s*:|\s*$)/g)) {
      const position = leadStart + lead.indexOf(comment)
      const near = keys.includes(key) ? null : key === 'role' ? 'as' : nearest(key, keys)
      if (near) notes.push(`At ${atLine(locate(text, position).line)} "${key}" says nothing here. Did you mean "${near}"?`)
      if (!keys.includes(key)) break
      said.set(key, value)
      if (key !== 'rate' || parseRate(value) !== null) continue
      const { line: row, column, excerpt } = locate(text, position)
      issues.push({ code: 'SPEC_VALUE', message: `"${value}" is not a rate.`, remedy: 'Write a rate such as 120/s, 30/min, 5/h or 900/day.', place: { file, line: row, column }, excerpt })
    }
  let parameters = 0
  walk(tree, (type, node) => {
    if (type === 'ParamRef') parameters = Math.max(parameters, Number(node['number'] ?? 0))
  })
  // What other tools write behind a name: `get_author :one`.
  const name = said.get('name')?.replace(/(\s+:\w+|[\^$!#*]|<!)$/, '') ?? `q${place}`
  return { name, sql, tree, perSecond: parseRate(said.get('rate') ?? '') ?? 1, as: said.get('as') ?? defaultRole, parameters, at }
}
