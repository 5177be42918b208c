/** One statement as somebody, and what the server says to it. */
import type { DatabaseError } from 'pg'
import { locate } from '../../errors.ts'
import type { Session } from '../../postgres/server.ts'
import { ident } from '../../sql/identifier.ts'
import type { ShellIdentity } from './identity.ts'

export interface StatementError {
  code: string
  message: string
  line?: number
  column?: number
  excerpt?: string
  detail?: string
  hint?: string
}

export type StatementResult = { rows: Record<string, unknown>[]; rowCount: number; notices: string[]; error: null } | { error: StatementError }

/** What a session needs so that the server takes it for a request of the identity. */
export function settingsOf({ role, claims }: ShellIdentity): Record<string, string> {
  return {
    ...(claims === null ? {} : { 'request.jwt.claims': JSON.stringify(claims), ...(claims['sub'] === undefined ? {} : { 'request.jwt.claim.sub': String(claims['sub']) }) }),
    ...(role === 'postgres' ? {} : { role }),
  }
}

/** The role and the claims stay for the whole session. */
export async function become(session: Session, identity: ShellIdentity): Promise<void> {
  const { role, ...settings } = settingsOf(identity)
  for (const [name, value] of Object.entries(settings)) await session.query('select set_config($1, $2, false)', [name, value])
  if (role !== undefined) await session.query(`set role ${ident(role)}`)
}

/** An error of the server is a result; every other one is thrown. */
export async function runStatement(session: Session, sql: string): Promise<StatementResult> {
  session.takeNotices()
  try {
    const { rows, rowCount } = await session.query(sql)
    return { rows, rowCount, notices: session.takeNotices().map(({ severity, message }) => `${severity}: ${message}`), error: null }
  } catch (error) {
    const { code, message, position, detail, hint, severity } = error as DatabaseError
    if (code === undefined || severity === undefined) throw error
    return { error: { code, message, ...(position ? placeOf(sql, position) : {}), ...(detail ? { detail } : {}), ...(hint ? { hint } : {}) } }
  }
}

export function formatError({ code, message, line, excerpt, detail, hint }: StatementError): string {
  const place = excerpt === undefined ? [] : excerpt.split('\n').map((text, row) => (row === 0 ? `LINE ${line}: ${text}` : `${' '.repeat(`LINE ${line}: `.length)}${text}`))
  return [`ERROR ${code}: ${message}`, ...place, ...(detail ? [`DETAIL: ${detail}`] : []), ...(hint ? [`HINT: ${hint}`] : [])].join('\n')
}

// The server counts code points from 1.
function placeOf(sql: string, position: string): { line: number; column: number; excerpt: string } {
  return locate(sql, [...sql].slice(0, Number(position) - 1).join('').length)
}
