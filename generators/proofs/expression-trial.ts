/** One transaction in which statements are tried and taken back, and the server's refusals kept. */
import type { DatabaseError } from 'pg'
import type { Fault } from '../design/issues.ts'
import type { Path } from '../design/source.ts'
import type { Session } from '../postgres/session.ts'

export interface Trial {
  faults: Fault[]
  /** True when the server takes the statement. What it did is undone unless `keep` says otherwise. */
  attempt(path: Path, sql: string, options?: { keep?: boolean; searchPath?: string }): Promise<boolean>
  run(sql: string): Promise<void>
}

/** The session is in a transaction. */
export function startTrial(session: Session): Trial {
  const faults: Fault[] = []
  return {
    faults,
    run: async (sql) => void (await session.query(sql)),
    attempt: async (path, sql, { keep = false, searchPath } = {}) => {
      await session.query('savepoint trial')
      try {
        if (searchPath !== undefined) await session.query("select set_config('search_path', $1, true)", [searchPath])
        await session.query(sql)
        if (!keep) await session.query('rollback to savepoint trial')
        return true
      } catch (error) {
        await session.query('rollback to savepoint trial')
        faults.push(faultOf(path, error as DatabaseError))
        return false
      } finally {
        await session.query('release savepoint trial')
      }
    },
  }
}

function faultOf(path: Path, error: DatabaseError): Fault {
  if (typeof error.code !== 'string' || error.severity === undefined) throw error
  const { message } = error
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`
  return { code: 'SPEC_EXPRESSION', path, message: sentence, remedy: error.hint ?? remedies[error.code] }
}

/** By SQLSTATE, where the server has no hint of its own. */
const remedies: Record<string, string> = {
  '42883': 'Name the schema of the function, or cast its arguments.',
  '42704': 'Create the type first, or name its schema.',
  '42P17': 'Use immutable functions only: the same answer for the same row at any time.',
  '42P18': 'List the types of the parameters: params: [uuid]',
  '42804': 'Cast the expression to the type of the column.',
  '22P02': 'Write a value of the column\'s type.',
  '22007': 'Write a value of the column\'s type.',
  '0A000': 'Use the columns of this row only.',
}
