import type { TenantKeyPlan } from '../design/plan.ts'
import type { PlannedFile } from '../design/planned-file.ts'
import { tenantKeyPhase } from '../planner/phases.ts'
import { renderTemplate } from '../render/template.ts'
import { ident, identList, qualified } from '../sql/identifier.ts'
import { type ArtifactInput, defineArtifact } from './define-artifact.ts'
import { phaseOf } from './sql-file-head.ts'

/** A unique index over tenancy column and key on existing parents, which foreign keys can reference. */
export const tenantKeys = defineArtifact({
  id: 'tenant-keys',
  title: 'Keys of existing parents that hold their tenant',
  stage: 'sql',
  render: async (input) => (await Promise.all(input.plan.tenantKeys.map((key) => filesOf(input, key)))).flat(),
})

async function filesOf(input: ArtifactInput, key: TenantKeyPlan): Promise<PlannedFile[]> {
  const { migration, rollback } = phaseOf(input, tenantKeyPhase(key))
  const view = {
    name: ident(key.name),
    qualifiedName: `${ident(key.table.schema)}.${ident(key.name)}`,
    table: qualified(key.table),
    columns: identList(key.columns),
  }
  return [
    { path: migration, kind: 'migration', text: await renderTemplate('tenant-keys/migration.sql.ejs', view) },
    { path: rollback, kind: 'rollback', text: await renderTemplate('tenant-keys/rollback.sql.ejs', view) },
  ]
}
