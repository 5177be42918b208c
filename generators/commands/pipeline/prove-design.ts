/** Runs the proofs on what will be on disk. */
import type { Evidence } from '../../design/evidence.ts'
import type { PlannedFile } from '../../design/planned-file.ts'
import type { GeneratedSql, SqlFile } from '../../design/sql-file.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import { prove } from '../../proofs/prove.ts'
import type { Repository } from '../../repository/read.ts'
import type { CommandInput } from '../command.ts'
import type { PlannedDesign } from './plan-files.ts'

interface ProofRequest {
  server: ReplayedServer
  design: PlannedDesign
  sql: readonly PlannedFile[]
  repository: Repository
}

export function proveDesign(input: CommandInput, { server, design, sql }: ProofRequest): Promise<Evidence> {
  return input.terminal.step('Proving', (say) => prove({ server, plan: design.plan, sql: generatedSql(design, sql), progress: say, signal: input.signal }))
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
