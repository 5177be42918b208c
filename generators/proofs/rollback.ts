/** Claim: every rollback gives the catalog back as it was, and after it the migration applies again to the same catalog. */
import type { RollbackEvidence } from '../design/evidence.ts'
import type { GeneratedSql, SqlFile } from '../design/sql-file.ts'
import type { Database } from '../postgres/database.ts'
import { fingerprint } from '../postgres/fingerprint.ts'
import { applyIn } from '../postgres/replay.ts'
import type { ReplayedServer } from '../postgres/server.ts'
import { describeDifference, sameCatalog } from './catalog-state.ts'
import { refusalOf, stopIfAborted } from './proof-error.ts'

export interface RollbackProofInput {
  server: Pick<ReplayedServer, 'createDatabase'>
  sql: Pick<GeneratedSql, 'migrations' | 'rollbacks'>
  signal?: AbortSignal
}

/** Everything up, everything down with a look after each step, everything up again. */
export async function proveRollback({ server, sql, signal }: RollbackProofInput): Promise<RollbackEvidence> {
  const evidence: RollbackEvidence = { status: 'proved', findings: [], compared: 0, downRestores: true, upAgainEquals: true }
  const database = await server.createDatabase()
  try {
    await walkSteps(database, sql, evidence, signal)
  } catch (error) {
    if (!(error instanceof BrokenStep)) throw error
    // Nothing can be said about the steps behind it.
    evidence.downRestores &&= error.direction !== 'down'
    evidence.upAgainEquals = false
    evidence.findings.push(error.message)
  } finally {
    await database.drop()
  }
  if (evidence.findings.length > 0) evidence.status = 'failed'
  return evidence
}

async function walkSteps(database: Database, { migrations, rollbacks }: RollbackProofInput['sql'], evidence: RollbackEvidence, signal: AbortSignal | undefined): Promise<void> {
  if (migrations.length !== rollbacks.length) throw new BrokenStep('down', `There are ${migrations.length} migrations and ${rollbacks.length} rollbacks.`)
  const steps = migrations.map((up, index) => ({ up, down: rollbacks[index] as SqlFile }))
  await using session = await database.connect()
  const run = async (file: SqlFile, direction: 'up' | 'down') => {
    await applyIn(session, database, [file]).catch((error: unknown) => {
      throw new BrokenStep(direction, refusalOf(error))
    })
  }
  /** `states[i]`: before step i. */
  const states = [await fingerprint(session)]
  const compare = async (wanted: readonly string[], flag: 'downRestores' | 'upAgainEquals', says: string) => {
    const found = await fingerprint(session)
    if (sameCatalog(wanted, found)) return
    evidence[flag] = false
    evidence.findings.push(`${says}: ${describeDifference(wanted, found)}.`)
  }
  for (const { up } of steps) {
    stopIfAborted(signal)
    await run(up, 'up')
    states.push(await fingerprint(session))
  }
  evidence.compared = states.at(-1)?.length ?? 0
  // The last first, as a team would: an object of a later file may stand in the way of an earlier rollback.
  for (const [index, { up, down }] of [...steps.entries()].toReversed()) {
    stopIfAborted(signal)
    await run(down, 'down')
    await compare(states[index] as string[], 'downRestores', `${down.path} does not give back what was before ${up.path}`)
  }
  for (const { up } of steps) await run(up, 'up')
  await compare(states.at(-1) as string[], 'upAgainEquals', 'All files give another catalog after all rollbacks')
}

class BrokenStep extends Error {
  readonly direction: 'up' | 'down'

  constructor(direction: 'up' | 'down', message: string) {
    super(message)
    this.direction = direction
  }
}
