/** Runs SQL files as Supabase's runners do. */
import type { SqlFile } from '../design/sql-file.ts'
import { loadParser, splitStatements, SqlSyntaxError } from '../sql/parser.ts'
import type { Statement } from '../sql/parser.ts'
import type { Progress } from './binaries.ts'
import type { Database } from './database.ts'
import { withEventTriggerRights } from './event-trigger-rights.ts'
import { copyError, replayError, syntaxError, unfinishedError } from './replay-error.ts'
import type { Session } from './session.ts'
import { withoutVectorParameters } from './stand-in.ts'
import { controlsTransaction, readsFromClient, runsAlone } from './statement-kind.ts'

/**
 * How a runner sends a file. `transaction`: between BEGIN and COMMIT, what cannot run in a transaction by itself (the CLI
 * from 2.109). `pipeline`: one pipeline with one Sync (the CLI up to 2.108, 2.115 to 2.116, and branching).
 * `serial`: every statement commits.
 */
export type RunnerMode = 'transaction' | 'pipeline' | 'serial'

const directive = '-- pg-delta: transaction=false'

interface ApplyOptions {
  mode?: RunnerMode
  progress?: Progress
}

/** Runs the files in textual order of their names, as `postgres`. Throws TrrError at the first statement that fails. */
export async function applyFiles(database: Database, files: readonly SqlFile[], options: ApplyOptions = {}): Promise<void> {
  await using session = await database.connect()
  await applyIn(session, database, files, options)
}

/** In a session of `database` that stays open. */
export async function applyIn(session: Session, database: Database, files: readonly SqlFile[], { mode = 'transaction', progress }: ApplyOptions = {}): Promise<void> {
  await loadParser()
  const ordered = inOrder(files)
  for (const [index, file] of ordered.entries()) {
    progress?.(`${index + 1}/${ordered.length} ${file.path}`)
    const statements = parse(file)
    await withEventTriggerRights(database, statements, () => applyFile(session, file, statements, mode))
  }
}

/** In textual order of their names. */
export function inOrder(files: readonly SqlFile[]): SqlFile[] {
  return files.toSorted((left, right) => compareNames(fileName(left), fileName(right)))
}

async function applyFile(session: Session, file: SqlFile, statements: readonly Statement[], mode: RunnerMode): Promise<void> {
  // A SET of one file never reaches the next.
  await session.query('reset all')
  if (mode === 'pipeline') return runPipeline(session, file, statements)
  // Branching ignores the directive, and with it the pipeline mode.
  const serial = mode === 'serial' || firstLine(file.sql) === directive || statements.some(controlsTransaction)
  await (serial ? runSerial(session, file, statements) : runTransaction(session, file, statements))
}

/** Every proof applies the same files. */
const parsed = new WeakMap<SqlFile, Statement[]>()

function parse(file: SqlFile): Statement[] {
  const known = parsed.get(file)
  if (known) return known
  try {
    const statements = splitStatements(file.sql)
    const copy = statements.find(readsFromClient)
    if (copy) throw copyError(file, copy)
    const ready = statements.map(withoutVectorParameters)
    parsed.set(file, ready)
    return ready
  } catch (error) {
    if (error instanceof SqlSyntaxError) throw syntaxError(file, error)
    throw error
  }
}

async function runSerial(session: Session, file: SqlFile, statements: readonly Statement[]): Promise<void> {
  for (const statement of statements) await run(session, file, statement)
  if (session.transaction === 'none') return
  await session.query('rollback')
  throw unfinishedError(file)
}

async function runTransaction(session: Session, file: SqlFile, statements: readonly Statement[]): Promise<void> {
  await session.query('begin')
  for (const statement of statements) {
    if (!runsAlone(statement)) {
      await run(session, file, statement)
      continue
    }
    await session.query('commit')
    await run(session, file, statement)
    await session.query('begin')
  }
  const last = statements.at(-1)
  // Deferred constraints are checked here.
  await session.query('commit').catch((error: unknown) => fail(session, file, last, error))
}

async function runPipeline(session: Session, file: SqlFile, statements: readonly Statement[]): Promise<void> {
  try {
    await session.pipeline(statements.map(({ sql }) => sql))
  } catch (error) {
    await fail(session, file, statements[(error as { pipelineIndex?: number }).pipelineIndex ?? 0] ?? statements.at(-1), error)
  }
  if (session.transaction === 'none') return
  await session.query('rollback')
  throw unfinishedError(file)
}

async function run(session: Session, file: SqlFile, statement: Statement): Promise<void> {
  await session.query(statement.sql).catch((error: unknown) => fail(session, file, statement, error))
}

async function fail(session: Session, file: SqlFile, statement: Statement | undefined, error: unknown): Promise<never> {
  if (session.transaction !== 'none') await session.query('rollback').catch(() => undefined)
  throw replayError(file, statement, error)
}

function firstLine(sql: string): string {
  return sql.slice(0, sql.indexOf('\n') === -1 ? undefined : sql.indexOf('\n')).replace(/\r$/, '')
}

function fileName({ path }: SqlFile): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function compareNames(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
