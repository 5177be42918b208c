/** From the text of a spec to its plan and its migrations. */
import { renderSql } from '../../artifacts/index.ts'
import type { ArtifactInput } from '../../artifacts/define-artifact.ts'
import type { Plan } from '../../design/plan.ts'
import type { PlannedFile } from '../../design/planned-file.ts'
import type { SqlFile } from '../../design/sql-file.ts'
import { phasesOf } from '../../planner/phases.ts'
import { chooseForDesign } from '../../postgres/scale/choose-design.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import type { Lock } from '../../repository/lock.ts'
import { numberPhases } from '../../repository/numbering.ts'
import type { Repository } from '../../repository/read.ts'
import type { SpecSource } from './locate-spec.ts'
import { readCheckedPlan } from './read-checked-spec.ts'

export interface PlanRequest {
  source: SpecSource
  repository: Repository
  server: ReplayedServer
  lock: Lock | null
  now: Date
}

export interface PlannedMigrations {
  input: ArtifactInput
  /** Migrations and rollbacks. */
  files: PlannedFile[]
  /** In the order of the phases. */
  migrations: SqlFile[]
}

/** A plan in the making: what its tables and rules need, and the same with indexes. */
export interface ProposedMigrations {
  bare: PlannedMigrations
  /** The planner of the server chooses among the indexes that rules want and those that it would use itself. */
  withIndexes(): Promise<PlannedMigrations>
}

/** Throws a TrrError with everything that is wrong with the spec. */
export async function planMigrations(request: PlanRequest): Promise<PlannedMigrations> {
  return await (await proposeMigrations(request)).withIndexes()
}

/** Indexes take their time: what does not look at them need not wait. Throws as {@link planMigrations} does. */
export async function proposeMigrations({ source, repository, server, lock, now }: PlanRequest): Promise<ProposedMigrations> {
  const { text, file, specPath } = source
  const checked = await readCheckedPlan({ text, file, server, repository })
  const { catalog } = server
  const expand = async (plan: Plan): Promise<PlannedMigrations> => {
    const input: ArtifactInput = { plan, phases: numberPhases(repository, phasesOf(plan), lock, now), catalog, specPath, specText: text }
    const files = await renderSql(input)
    const migrations = input.phases.map(({ migration }): SqlFile => ({ path: migration, sql: files.find(({ path }) => path === migration)?.text ?? '' }))
    return { input, files, migrations }
  }
  const proposed: Plan = { ...checked, ...(repository.figures ? { figures: repository.figures } : {}) }
  const bare = await expand({ ...proposed, indexes: [] })
  return { bare, withIndexes: async () => expand(await chooseForDesign(server, proposed, bare.migrations)) }
}
