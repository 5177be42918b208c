/** From the text of a spec to the SQL that will be proved. */
import { renderTests } from '../../artifacts/index.ts'
import type { ArtifactInput } from '../../artifacts/define-artifact.ts'
import type { PlannedFile } from '../../design/planned-file.ts'
import { prepareAccess } from '../../proofs/access/prepare-access.ts'
import type { Prepared } from '../../proofs/access/prepare.ts'
import { scenarioOf } from '../../proofs/access/scenario.ts'
import { type PlanRequest, proposeMigrations } from './plan-migrations.ts'

/** A design with names, numbers and SQL. Nothing is proved yet. */
export interface PlannedDesign extends ArtifactInput {
  spec: PlannedFile
  sql: PlannedFile[]
  /** The people and rows that the access proof and the pgTAP file share; null when the files do not apply. */
  prepared: Prepared | null
}

/** Throws a TrrError with everything that is wrong with the spec. */
export async function planFiles(request: PlanRequest): Promise<PlannedDesign> {
  const { source: { text, specPath }, server } = request
  const { bare, withIndexes } = await proposeMigrations(request)
  const [{ input, files }, prepared] = await allOf([withIndexes(), prepareAccess({ server, plan: bare.input.plan, migrations: bare.migrations })])
  const tests = await renderTests({ ...input, scenario: prepared && scenarioOf(prepared) })
  return { ...input, spec: { path: specPath, text, kind: 'spec' }, sql: [...files, ...tests], prepared }
}

/** Both have ended before the caller stops the server, whatever one of them met. */
async function allOf<First, Second>(work: readonly [Promise<First>, Promise<Second>]): Promise<[First, Second]> {
  await Promise.allSettled(work)
  return await Promise.all(work)
}
