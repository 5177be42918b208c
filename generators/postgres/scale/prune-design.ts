/** The plan of a design without the indexes that its planner does not miss when the tables are as large as they will be. */
import type { Plan } from '../../design/plan.ts'
import type { SqlFile } from '../../design/sql-file.ts'
import { callerClaims } from '../../planner/caller-claims.ts'
import { pruneIndexes } from '../../planner/prune-indexes.ts'
import { workloadOf } from '../../planner/workload.ts'
import { TrrError } from '../../errors.ts'
import { loadParser } from '../../sql/parser.ts'
import { applyFiles } from '../replay.ts'
import type { ReplayedServer } from '../server.ts'
import { designAtScale } from './design-database.ts'
import { serverWhatIf } from './server-what-if.ts'

/** `migrations` make the whole plan. When they do not apply the plan stays as it is, and the proofs say why. */
export async function pruneDesign(server: Pick<ReplayedServer, 'createDatabase' | 'catalog'>, plan: Plan, migrations: readonly SqlFile[]): Promise<Plan> {
  if (plan.indexes.length === 0 && plan.queries.length === 0) return plan
  await loadParser()
  const database = await server.createDatabase()
  try {
    const applied = await applyFiles(database, migrations).then(() => true, refused)
    if (!applied) return plan
    const scaled = await designAtScale(database, { plan, catalog: server.catalog }, 'horizon')
    await using session = scaled.session
    return await pruneIndexes(plan, workloadOf(plan, server.catalog), serverWhatIf({ session, tables: scaled.tables }, callerClaims(plan)))
  } finally {
    await database.drop()
  }
}

function refused(error: unknown): false {
  if (error instanceof TrrError && error.issues.every(({ code }) => code !== 'INTERRUPTED')) return false
  throw error
}
