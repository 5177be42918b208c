/** One transaction in which statements are tried and taken back, and the server's refusals kept. */
import type { DatabaseError } from 'pg'
import type { Fault } from '../design/issues.ts'
import type { Path } from '../design/source.ts'
import type { Session } from '../postgres/session.ts'

export interface Attempt {
  /** What it did stays. */
  keep?: boolean
  searchPath?: string
  /** The key at the path is at fault, not its value. */
  key?: boolean
  /** A second statement, on what the first one made. */
  then?: string
  /** SQLSTATEs that are news here; what else is refused has its own place. */
  only?: readonly string[]
}

export interface Trial {
  faults: Fault[]
  /** True when the server takes the statement. What it did is undone unless `keep` says otherwise. */
  attempt(path: Path, sql: string, options?: Attempt): Promise<boolean>
  run(sql: string): Promise<void>
  /** A rule about a row may not call what acts, waits or answers differently each time. */
  refuseVolatile(path: Path, functions: readonly string[]): Promise<void>
}

/** Nothing is read or written here, so what takes longer computes for its own sake. */
const seconds = 5

/** The session is in a transaction. */
export async function startTrial(session: Session): Promise<Trial> {
  await session.query(`set local statement_timeout = '${seconds}s'`)
  const faults: Fault[] = []
  return {
    faults,
    refuseVolatile: async (path, functions) => {
      if (functions.length === 0) return
      const { rows } = await session.query<{ name: string }>(volatile, [functions])
      for (const { name } of rows)
        faults.push({
          code: 'SPEC_EXPRESSION', path,
          message: `${name}() acts, waits or answers differently each time, and a rule about a row cannot.`,
          remedy: 'Use columns, constants and functions that only compute.',
        })
    },
    run: async (sql) => void (await session.query(sql)),
    attempt: async (path, sql, { keep = false, searchPath, key = false, then, only } = {}) => {
      await session.query('savepoint trial')
      try {
        if (searchPath !== undefined) await session.query("select set_config('search_path', $1, true)", [searchPath])
        await session.query(sql)
        if (then !== undefined) await session.query(then)
        if (!keep) await session.query('rollback to savepoint trial')
        return true
      } catch (error) {
        await session.query('rollback to savepoint trial')
        const fault = faultOf(path, error as DatabaseError)
        if (only?.includes((error as DatabaseError).code ?? '') ?? true) faults.push({ ...fault, ...(key ? { key } : {}) })
        return false
      } finally {
        await session.query('release savepoint trial')
      }
    },
  }
}

/** Of Postgres itself only: a team's own functions are volatile because nobody said otherwise. */
const volatile = `
  select proname as name from pg_catalog.pg_proc
  where pronamespace = 'pg_catalog'::regnamespace and proname = any ($1)
  group by proname having bool_and(provolatile = 'v') order by proname`

function faultOf(path: Path, error: DatabaseError): Fault {
  if (typeof error.code !== 'string' || error.severity === undefined) throw error
  if (error.code === '57014')
    return { code: 'SPEC_EXPRESSION', path, message: `The server computed for ${seconds} seconds without an end.`, remedy: 'Use an expression that is done at once.' }
  if (error.code === '23514') return { code: 'SPEC_CONFLICT', path, message: 'The default does not pass the check of its own column.', remedy: 'Change the default or the check, or leave the default out.' }
  const sentence = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}${/[.!?]$/.test(error.message) ? '' : '.'}`
  return { code: error.code === '42P07' ? 'SPEC_DUPLICATE' : 'SPEC_EXPRESSION', path, message: sentence, remedy: error.hint ?? remedies[error.code] ?? 'Correct it as Postgres says.' }
}

/** By SQLSTATE, where the server has no hint of its own. */
const remedies: Record<string, string> = {
  '42883': 'Name the schema of the function, or cast its arguments.',
  '42703': 'Use the columns of the tables that stand here.',
  '42704': 'Create the type first, or name its schema.',
  '42P01': 'Create it first, or name its schema.',
  '42P07': 'Choose another name.',
  '42P17': 'Use immutable functions only: the same answer for the same row at any time.',
  '42P18': 'List the types of the parameters: params: [uuid]',
  '42804': 'Cast the expression to the type of the column.',
  '42803': 'Write an expression about one row.',
  '22001': 'Shorten the value, or make the column longer.',
  '22003': 'Write a number that the type of the column holds.',
  '22023': 'Correct what stands in the brackets of the type, or leave it out.',
  '42601': 'Leave the brackets of the type out.',
  '2201B': 'Correct the regular expression.',
  '22P02': 'Write a value of the column\'s type.',
  '22007': 'Write a value of the column\'s type.',
  '22008': 'Write a value of the column\'s type.',
  '22012': 'Divide by something that is not zero.',
  '0A000': 'Use the columns of this row only.',
}
