/** From the text of a spec to the SQL that will be proved. */
import { renderSql } from '../../artifacts/index.ts'
import type { ArtifactInput } from '../../artifacts/define-artifact.ts'
import type { PlannedFile } from '../../design/planned-file.ts'
import { phasesOf } from '../../planner/phases.ts'
import { planDesign } from '../../planner/plan-design.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import type { Lock } from '../../repository/lock.ts'
import { numberPhases } from '../../repository/numbering.ts'
import type { Repository } from '../../repository/read.ts'
import type { SpecSource } from './locate-spec.ts'
import { readCheckedSpec } from './read-checked-spec.ts'

/** A design with names, numbers and SQL; nothing has run yet. */
export interface PlannedDesign extends ArtifactInput {
  spec: PlannedFile
  sql: PlannedFile[]
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
  return { ...input, spec: { path: specPath, text, kind: 'spec' }, sql: await renderSql(input) }
}
