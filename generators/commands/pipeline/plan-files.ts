/** From the text of a spec to the SQL that will be proved. */
import { renderSql, renderTests } from '../../artifacts/index.ts'
import type { ArtifactInput } from '../../artifacts/define-artifact.ts'
import type { Plan } from '../../design/plan.ts'
import type { PlannedFile } from '../../design/planned-file.ts'
import type { SqlFile } from '../../design/sql-file.ts'
import { phasesOf } from '../../planner/phases.ts'
import { planDesign } from '../../planner/plan-design.ts'
import { pruneDesign } from '../../postgres/scale/prune-design.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import { prepareAccess } from '../../proofs/access/prepare-access.ts'
import type { Prepared } from '../../proofs/access/prepare.ts'
import { scenarioOf } from '../../proofs/access/scenario.ts'
import type { Lock } from '../../repository/lock.ts'
import { numberPhases } from '../../repository/numbering.ts'
import type { Repository } from '../../repository/read.ts'
import type { SpecSource } from './locate-spec.ts'
import { readCheckedSpec } from './read-checked-spec.ts'

/** A design with names, numbers and SQL. Nothing is proved yet. */
export interface PlannedDesign extends ArtifactInput {
  spec: PlannedFile
  sql: PlannedFile[]
  /** The people and rows that the access proof and the pgTAP file share; null when the files do not apply. */
  prepared: Prepared | null
}

interface PlanRequest {
  source: SpecSource
  repository: Repository
  server: ReplayedServer
  lock: Lock | null
  now: Date
}

/** Throws a TrrError with everything that is wrong with the spec. */
export async function planFiles({ source, repository, server, lock, now }: PlanRequest): Promise<PlannedDesign> {
  const { text, file, specPath } = source
  const spec = await readCheckedSpec({ text, file, server, repository })
  const { catalog } = server
  const expand = async (wanted: Plan) => {
    const input: ArtifactInput = { plan: wanted, phases: numberPhases(repository, phasesOf(wanted), lock, now), catalog, specPath, specText: text }
    const files = await renderSql(input)
    const migrations = input.phases.map(({ migration }): SqlFile => ({ path: migration, sql: files.find(({ path }) => path === migration)?.text ?? '' }))
    return { input, files, migrations }
  }
  // First with every index that a rule wants; the planner of the server says which of them are missed.
  const proposed = await expand(planDesign(spec, catalog))
  const plan = await pruneDesign(server, proposed.input.plan, proposed.migrations)
  const { input, files, migrations } = await expand(plan)
  const prepared = await prepareAccess({ server, plan, migrations })
  const tests = await renderTests({ ...input, scenario: prepared && scenarioOf(prepared) })
  return { ...input, spec: { path: specPath, text, kind: 'spec' }, sql: [...files, ...tests], prepared }
}
