/** Claim: every rollback gives the catalog back as it was, and after it the migration applies again to the same catalog. */
import type { RollbackEvidence } from '../design/evidence.ts'
import type { GeneratedSql, SqlFile } from '../design/sql-file.ts'
import type { Database } from '../postgres/database.ts'
import { applyFiles } from '../postgres/replay.ts'
import type { ReplayedServer } from '../postgres/server.ts'
import { catalogOf, describeDifference, sameCatalog } from './catalog-state.ts'
import { refusalOf, stopIfAborted } from './proof-error.ts'

export interface RollbackProofInput {
  server: Pick<ReplayedServer, 'createDatabase'>
  sql: Pick<GeneratedSql, 'migrations' | 'rollbacks'>
  signal?: AbortSignal
}

/** Each step up, down and up again; then everything down, and everything up. */
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
  /** `states[i]`: before step i. */
  const states = [await catalogOf(database)]
  const compare = async (wanted: readonly string[], flag: 'downRestores' | 'upAgainEquals', says: string) => {
    const found = await catalogOf(database)
    if (sameCatalog(wanted, found)) return
    evidence[flag] = false
    evidence.findings.push(`${says}: ${describeDifference(wanted, found)}.`)
  }
  for (const [index, { up, down }] of steps.entries()) {
    stopIfAborted(signal)
    const before = states[index] as string[]
    await run(database, up, 'up')
    const after = await catalogOf(database)
    states.push(after)
    await run(database, down, 'down')
    await compare(before, 'downRestores', `${down.path} does not give back what was before ${up.path}`)
    await run(database, up, 'up')
    await compare(after, 'upAgainEquals', `${up.path} gives another catalog after ${down.path}`)
  }
  evidence.compared = states.at(-1)?.length ?? 0
  // Single steps may hide that a later object stands in the way of an earlier rollback.
  for (const { down } of steps.toReversed()) await run(database, down, 'down')
  await compare(states[0] as string[], 'downRestores', 'All rollbacks together do not give back what was before')
  for (const { up } of steps) await run(database, up, 'up')
  await compare(states.at(-1) as string[], 'upAgainEquals', 'All files give another catalog after all rollbacks')
}

class BrokenStep extends Error {
  readonly direction: 'up' | 'down'

  constructor(direction: 'up' | 'down', message: string) {
    super(message)
    this.direction = direction
  }
}

async function run(database: Database, file: SqlFile, direction: 'up' | 'down'): Promise<void> {
  await applyFiles(database, [file]).catch((error: unknown) => {
    throw new BrokenStep(direction, refusalOf(error))
  })
}
