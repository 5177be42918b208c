/** Claim: the generated test file passes, run as `supabase test db` runs it. */
import type { PgtapEvidence } from '../design/evidence.ts'
import type { GeneratedSql, SqlFile } from '../design/sql-file.ts'
import { locate } from '../errors.ts'
import { installPgtap } from '../postgres/pgtap.ts'
import { applyFiles } from '../postgres/replay.ts'
import type { ReplayedServer } from '../postgres/server.ts'
import type { Session } from '../postgres/session.ts'
import { type Statement, loadParser, splitStatements } from '../sql/parser.ts'
import { refusalOf, stopIfAborted } from './proof-error.ts'
import { parseTap } from './tap.ts'

export interface PgtapProofInput {
  server: Pick<ReplayedServer, 'createDatabase'>
  sql: Pick<GeneratedSql, 'migrations' | 'test'>
  /** Migrations behind those of the design. */
  later?: readonly SqlFile[]
  signal?: AbortSignal
}

/** Applies everything and runs the test file as `postgres`: `supabase test db` runs it behind all migrations. */
export async function provePgtap({ server, sql, later = [], signal }: PgtapProofInput): Promise<PgtapEvidence> {
  await loadParser()
  const database = await server.createDatabase()
  try {
    const refused = await applyFiles(database, sql.migrations).then(() => applyFiles(database, later)).then(() => null, refusalOf)
    if (refused !== null) return { status: 'open', findings: [`The test was not run, because the files do not apply: ${refused}`], file: sql.test.path, assertions: 0 }
    stopIfAborted(signal)
    await using session = await database.connect()
    await installPgtap(session)
    return await runTest(session, sql.test)
  } finally {
    await database.drop()
  }
}

/** Needs pgTAP in the database. What the test does is rolled back by the test. `brief`: the first failure is enough. */
export async function runTest(session: Session, test: SqlFile, { brief = false }: { brief?: boolean } = {}): Promise<PgtapEvidence> {
  const output: { line: number; text: string }[] = []
  const findings: string[] = []
  await session.query('reset all')
  for (const statement of splitStatements(test.sql)) {
    const { line } = locate(test.sql, statement.start)
    const lines = await texts(session, statement).catch((error: unknown) => {
      findings.push(`${test.path}:${line} stops the test: ${refusalOf(error)}.`)
      return null
    })
    if (lines === null) break
    output.push(...lines.map((text) => ({ line, text })))
    if (brief && lines.some((text) => /^not ok /m.test(text))) break
  }
  if (session.transaction !== 'none') await session.query('rollback')
  const tap = parseTap(output.map(({ text }) => text))
  for (const { number, title, details } of tap.failures) {
    const line = output.find(({ text }) => new RegExp(`^not ok ${number}\\b`, 'm').test(text))?.line
    findings.push(`${test.path}:${line} not ok ${number} - ${title}${details.length > 0 ? ` (${details.join(' ')})` : ''}`)
  }
  const assertions = tap.passed + tap.failures.length
  if (findings.length === 0) {
    if (tap.planned === null) findings.push(`${test.path} prints no plan.`)
    else if (tap.planned !== assertions) findings.push(`${test.path} planned ${tap.planned} assertions and ran ${assertions}.`)
    else if (assertions === 0) findings.push(`${test.path} asserts nothing.`)
    else findings.push(...tap.complaints.map((complaint) => `${test.path}: ${complaint}`))
  }
  return { status: findings.length > 0 ? 'failed' : 'proved', findings, file: test.path, assertions }
}

/** The columns of all rows: pgTAP answers in one column of text. */
async function texts(session: Session, { sql }: Statement): Promise<string[]> {
  const { rows } = await session.query(sql)
  return rows.flatMap((row) => Object.values(row)).filter((value) => typeof value === 'string')
}
