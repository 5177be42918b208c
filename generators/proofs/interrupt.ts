/**
 * A runner that dies in the middle of a file, and the file again. In one transaction a death leaves nothing. When every
 * statement commits, it leaves the first ones: then the file again either ends in the same catalog or is refused.
 */
import type { ReplayEvidence } from '../design/evidence.ts'
import type { SqlFile } from '../design/sql-file.ts'
import type { Database } from '../postgres/database.ts'
import { fingerprint } from '../postgres/fingerprint.ts'
import { applyFiles } from '../postgres/replay.ts'
import type { ReplayedServer } from '../postgres/server.ts'
import type { Session } from '../postgres/session.ts'
import { runsAlone } from '../postgres/statement-kind.ts'
import { type Statement, splitStatements } from '../sql/parser.ts'
import { catalogOf, describeDifference, sameCatalog } from './catalog-state.ts'
import { killWhileBuilding } from './kill-build.ts'
import { refusalOf } from './proof-error.ts'

export interface Interruption {
  server: Pick<ReplayedServer, 'createDatabase'>
  /** Everything before the file is applied; left as it is. */
  before: Database
  file: SqlFile
  /** The files after it. */
  later: readonly SqlFile[]
  /** Catalog when all files are applied. */
  wanted: readonly string[]
}

type Outcome = ReplayEvidence['interrupted'][number]['outcome']

export interface InterruptedFile {
  statements: number
  outcome: Outcome
  /** A sentence when something is wrong; a refusal is not. */
  finding: string | null
  /** A death that could not be brought about. */
  open: string | null
}

/** Dies after each statement of the file and runs it again. */
export async function interruptFile(interruption: Interruption): Promise<InterruptedFile> {
  const { file } = interruption
  const statements = splitStatements(file.sql)
  const verdict = statements.some(runsAlone) ? await interruptConcurrent(interruption, statements) : await interruptTransactional(interruption, statements)
  return { statements: statements.length, open: null, ...verdict }
}

type Verdict = Pick<InterruptedFile, 'outcome' | 'finding'> & Partial<InterruptedFile>

/** All in one session and one transaction: a savepoint after k statements stands for the death of a runner that commits each. */
async function interruptTransactional({ before, file }: Interruption, statements: readonly Statement[]): Promise<Verdict> {
  await using session = await before.connect()
  let refused = false
  let end: string[] | null = null
  await session.query('begin')
  for (const [index, statement] of statements.entries()) {
    await session.query(statement.sql)
    // A setting ends with its session: a death behind it leaves what a death before it leaves.
    if (statement.kind === 'VariableSetStmt') continue
    await session.query('savepoint death')
    const second = await runAll(session, statements).then(() => null, refusalOf)
    const found = second === null ? await fingerprint(session) : null
    await session.query('rollback to savepoint death')
    await session.query('release savepoint death')
    refused ||= second !== null
    if (!found) continue
    end ??= await endOf(session, statements, index)
    if (!sameCatalog(end, found)) {
      await session.query('rollback')
      return { outcome: 'differs', finding: `${file.path} after a death behind statement ${index + 1} of ${statements.length} applies again, but not to the same catalog: ${describeDifference(end, found)}.` }
    }
  }
  await session.query('rollback')
  return { outcome: refused ? 'refused without effect' : 'converges', finding: null }
}

/** The catalog that the file comes to when nothing happens, from where it is behind statement `index`. */
async function endOf(session: Session, statements: readonly Statement[], index: number): Promise<string[]> {
  await session.query('savepoint whole')
  for (const { sql } of statements.slice(index + 1)) await session.query(sql)
  const end = await fingerprint(session)
  await session.query('rollback to savepoint whole')
  await session.query('release savepoint whole')
  return end
}

/** Each statement commits, so every death needs a database of its own; a build can also die half way. */
async function interruptConcurrent(interruption: Interruption, statements: readonly Statement[]): Promise<Verdict> {
  const deaths: { says: string; die: (database: Database) => Promise<'died' | 'not held'> }[] = statements.flatMap((statement, index) => [
    ...(runsAlone(statement) ? [{ says: `in the middle of statement ${index + 1}`, die: (database: Database) => killWhileBuilding(database, statements.slice(0, index), statement) }] : []),
    { says: `behind statement ${index + 1}`, die: (database: Database) => commitEach(database, statements.slice(0, index + 1)) },
  ])
  let outcome: Outcome = 'converges'
  let open: string | null = null
  for (const { says, die } of deaths) {
    const database = await interruption.server.createDatabase({ from: interruption.before })
    try {
      if ((await die(database)) === 'not held') {
        open = `${interruption.file.path} could not be killed ${says}.`
        continue
      }
      const found = await goOn(database, interruption)
      if (found === 'refused') outcome = 'refused without effect'
      else if (!sameCatalog(interruption.wanted, found))
        return { outcome: 'differs', finding: `${interruption.file.path} after a death ${says} of ${statements.length} applies again without an error, but not to the same catalog: ${describeDifference(interruption.wanted, found)}.` }
    } finally {
      await database.drop()
    }
  }
  return { outcome, finding: null, open }
}

async function commitEach(database: Database, statements: readonly Statement[]): Promise<'died'> {
  await using session = await database.connect()
  await runAll(session, statements)
  return 'died'
}

/** The file again and all after it, until one is refused: a runner does not go past an error. */
async function goOn(database: Database, { file, later }: Interruption): Promise<string[] | 'refused'> {
  const refused = await applyFiles(database, [file, ...later]).then(() => null, refusalOf)
  return refused === null ? catalogOf(database) : 'refused'
}

async function runAll(session: Session, statements: readonly Statement[]): Promise<void> {
  await session.query('reset all')
  for (const { sql } of statements) await session.query(sql)
}
