/** Runs the proofs on what will be on disk. */
import type { Evidence } from '../../design/evidence.ts'
import type { PlannedFile } from '../../design/planned-file.ts'
import type { GeneratedSql, SqlFile } from '../../design/sql-file.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import { prove } from '../../proofs/prove.ts'
import type { Lock } from '../../repository/lock.ts'
import type { Repository } from '../../repository/read.ts'
import type { CommandInput } from '../command.ts'
import { historyBefore, openHistory } from './open-history.ts'
import type { PlannedDesign } from './plan-files.ts'

export interface ProofRequest {
  server: ReplayedServer
  design: PlannedDesign
  sql: readonly PlannedFile[]
  repository: Repository
  lock: Lock | null
  /** Migrations behind those of the design. */
  later?: readonly SqlFile[]
  progress: (message: string) => void
}

/** Who may do what is proved under both default privileges that Supabase projects have, each on a server of its own. */
export async function proveDesign(input: CommandInput, { server, design, sql, repository, lock, later = [], progress }: ProofRequest): Promise<Evidence> {
  // Opened while the first proofs run, and stopped even when none of them came to need it.
  const other = openHistory(input, { repository, lock, privileges: 'legacy' })
  other.catch(() => undefined)
  try {
    return await prove({
      server,
      plan: design.plan,
      sql: generatedSql(design, sql),
      later,
      historyFiles: historyBefore(repository.migrations, lock).length,
      otherWorld: () => other,
      ...(design.prepared ? { prepared: design.prepared } : {}),
      progress: (message) => progress(`Proving: ${message}`),
      signal: input.signal,
    })
  } finally {
    await other.then((opened) => opened.stop(), () => undefined)
  }
}

/** The files in the order of the phases; what undoes each beside it. */
export function generatedSql({ phases }: Pick<PlannedDesign, 'phases'>, sql: readonly PlannedFile[]): GeneratedSql {
  const find = (path: string | undefined): SqlFile => {
    const file = sql.find((candidate) => candidate.path === path)
    if (!file) throw new Error(`No file ${path} among those that were rendered`)
    return { path: file.path, sql: file.text }
  }
  return {
    migrations: phases.map(({ migration }) => find(migration)),
    rollbacks: phases.map(({ rollback }) => find(rollback)),
    test: find(sql.find(({ kind }) => kind === 'test')?.path),
  }
}
