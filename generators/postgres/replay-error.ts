/** What went wrong in a file of the user's: where, in the server's words, and how to go on. */
import type { DatabaseError } from 'pg'
import type { SqlFile } from '../design/sql-file.ts'
import { locate, TrrError } from '../errors.ts'
import type { Issue } from '../errors.ts'
import type { Statement, SqlSyntaxError } from '../sql/parser.ts'

// undefined_table, invalid_schema_name
const madeElsewhere = new Set(['42P01', '3F000'])
const missingRemedy = 'No migration before it creates that. If it was made in the dashboard, add a migration that creates it, with an earlier number: supabase db dump shows it.'

/** A statement that the server refused. Errors that are not the server's pass unchanged. */
export function replayError(file: SqlFile, statement: Statement | undefined, cause: unknown): unknown {
  const error = cause as DatabaseError
  if (!isServerError(error)) return cause
  const issue = placed(file, statement ? offsetOf(statement, error) : 0)
  const extension = missingExtension(error)
  if (extension) {
    const message = `The extension "${extension}" is not part of this server.`
    return new TrrError({ ...issue, code: 'EXTENSION_MISSING', message, remedy: skipRemedy(file, 'if the design does not need it') }, { cause })
  }
  const message = [`${error.message}${/[.!?]$/.test(error.message) ? '' : '.'}`, error.detail && `Detail: ${error.detail}`, error.hint && `Hint: ${error.hint}`]
  const remedy = [madeElsewhere.has(error.code ?? '') && missingRemedy, skipRemedy(file, 'if it does not belong to the history')].filter(Boolean).join('\n')
  return new TrrError({ ...issue, code: 'REPLAY_FAILED', message: message.filter(Boolean).join(' '), remedy }, { cause })
}

/** A file that is no SQL, or more than SQL. */
export function syntaxError(file: SqlFile, error: SqlSyntaxError): TrrError {
  const before = file.sql.slice(0, error.position)
  const line = before.slice(before.lastIndexOf('\n') + 1) + file.sql.slice(error.position).split('\n')[0]
  const meta = /^\s*(\\\w+)/.exec(line)?.[1]
  const issue = placed(file, error.position)
  if (meta) {
    const message = `"${meta}" is a command of psql, not SQL; Supabase's runners refuse it too.`
    return new TrrError({ ...issue, code: 'REPLAY_FAILED', message, remedy: `Remove the line. ${skipRemedy(file, 'if psql runs it')}` }, { cause: error })
  }
  if (/\bcopy\b[^;]*\bfrom\s+stdin\b/i.test(before)) return new TrrError({ ...issue, ...copyIssue(file) }, { cause: error })
  return new TrrError({ ...issue, code: 'REPLAY_FAILED', message: `${error.message}.`, remedy: skipRemedy(file, 'if it does not belong to the history') }, { cause: error })
}

/** COPY … FROM stdin, found before anything was sent. */
export function copyError(file: SqlFile, statement: Statement): TrrError {
  return new TrrError({ ...placed(file, statement.start), ...copyIssue(file) })
}

/** A file whose own BEGIN is never ended. */
export function unfinishedError(file: SqlFile): TrrError {
  const message = 'The file begins a transaction and does not end it, so nothing of it would stay.'
  return new TrrError({ code: 'REPLAY_FAILED', message, remedy: 'Add "commit;" at its end, or remove its "begin;".', place: { file: file.path } })
}

function isServerError(error: DatabaseError): boolean {
  return typeof error?.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) && typeof error.severity === 'string'
}

function placed(file: SqlFile, offset: number): Pick<Issue, 'place' | 'excerpt'> {
  const { line, column, excerpt } = locate(file.sql, offset)
  return { place: { file: file.path, line, column }, excerpt }
}

// The server counts code points from 1, JavaScript UTF-16 units from 0.
function offsetOf({ sql, start }: Statement, { position }: DatabaseError): number {
  if (!position) return start
  return start + [...sql].slice(0, Number(position) - 1).join('').length
}

function missingExtension({ code, message }: DatabaseError): string | undefined {
  const named = /^extension "([^"]+)" is not available/.exec(message) ?? /extension\/([\w-]+)\.control/.exec(message)
  return code === '0A000' || code === '58P01' ? named?.[1] : undefined
}

function copyIssue(file: SqlFile): Pick<Issue, 'code' | 'message' | 'remedy'> {
  const message = 'COPY … FROM stdin needs the rows that psql sends; Supabase\'s runners refuse it too.'
  return { code: 'REPLAY_FAILED', message, remedy: `Write the rows as INSERT. ${skipRemedy(file, 'if psql runs it')}` }
}

function skipRemedy({ path }: SqlFile, when: string): string {
  return `Leave the file out ${when}: --skip ${path}`
}
