/** From the text of a spec to the SQL that will be proved. */
import { renderSql, renderTests } from '../../artifacts/index.ts'
import type { ArtifactInput } from '../../artifacts/define-artifact.ts'
import type { PlannedFile } from '../../design/planned-file.ts'
import { phasesOf } from '../../planner/phases.ts'
import { planDesign } from '../../planner/plan-design.ts'
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
  const plan = planDesign(spec, catalog)
  const phases = numberPhases(repository, phasesOf(plan), lock, now)
  const input: ArtifactInput = { plan, phases, catalog, specPath, specText: text }
  const files = await renderSql(input)
  const migrations = phases.map(({ migration }) => ({ path: migration, sql: files.find(({ path }) => path === migration)?.text ?? '' }))
  const prepared = await prepareAccess({ server, plan, migrations })
  const tests = await renderTests({ ...input, scenario: prepared && scenarioOf(prepared) })
  return { ...input, spec: { path: specPath, text, kind: 'spec' }, sql: [...files, ...tests], prepared }
}
