import type { TenantKeyPlan } from '../design/plan.ts'
import type { PlannedFile } from '../design/planned-file.ts'
import { tenantKeyPhase } from '../planner/phases.ts'
import { renderTemplate } from '../render/template.ts'
import { ident, identList, qualified } from '../sql/identifier.ts'
import { type ArtifactInput, defineArtifact } from './define-artifact.ts'
import { phaseOf, sqlHead } from './sql-file-head.ts'

/** `unique (key, tenancy column)` on existing parents: built concurrently, then attached as a constraint. */
export const tenantKeys = defineArtifact({
  id: 'tenant-keys',
  title: 'Keys of existing parents that hold their tenant',
  stage: 'sql',
  render: async (input) => (await Promise.all(input.plan.tenantKeys.map((key) => filesOf(input, key)))).flat(),
})

async function filesOf(input: ArtifactInput, key: TenantKeyPlan): Promise<PlannedFile[]> {
  const build = phaseOf(input, tenantKeyPhase(key, 'build'))
  const attach = phaseOf(input, tenantKeyPhase(key, 'attach'))
  const view = {
    name: ident(key.name),
    rawName: key.name,
    schema: key.table.schema,
    qualifiedName: `${ident(key.table.schema)}.${ident(key.name)}`,
    table: qualified(key.table),
    columns: identList(key.columns),
    head: sqlHead(input, attach, 'the index becomes a unique constraint, which a foreign key can reference'),
    migration: attach.migration,
  }
  return [
    { path: build.migration, kind: 'migration', text: await renderTemplate('tenant-keys/build.sql.ejs', view) },
    { path: build.rollback, kind: 'rollback', text: await renderTemplate('tenant-keys/build-rollback.sql.ejs', view) },
    { path: attach.migration, kind: 'migration', text: await renderTemplate('tenant-keys/attach.sql.ejs', view) },
    { path: attach.rollback, kind: 'rollback', text: await renderTemplate('tenant-keys/attach-rollback.sql.ejs', view) },
  ]
}
