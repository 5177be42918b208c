import type { BucketPlan, PolicyPlan } from '../design/plan.ts'
import { renderTemplate } from '../render/template.ts'
import { ident } from '../sql/identifier.ts'
import { literal, literalList } from '../sql/literal.ts'
import { defineArtifact } from './define-artifact.ts'
import { phaseOf, sqlHead } from './sql-file-head.ts'

/** Buckets of Supabase Storage and the policies for their objects. */
export const storage = defineArtifact({
  id: 'storage',
  title: 'Buckets of Supabase Storage with their policies',
  stage: 'sql',
  render: async (input) => {
    if (input.plan.buckets.length === 0) return []
    const phase = phaseOf(input, 'storage')
    const view = { buckets: input.plan.buckets.map(bucketView) }
    return [
      { path: phase.migration, kind: 'migration', text: await renderTemplate('storage/migration.sql.ejs', { ...view, head: sqlHead(input, phase, 'buckets of Supabase Storage and their policies') }) },
      { path: phase.rollback, kind: 'rollback', text: await renderTemplate('storage/rollback.sql.ejs', { ...view, migration: phase.migration }) },
    ]
  },
})

function bucketView({ file, objects, policies }: BucketPlan) {
  const mimeTypes = file.contentTypes.length > 0 ? `array[${literalList(file.contentTypes)}]` : 'null'
  return {
    bucket: literal(file.bucket),
    name: file.bucket,
    isPublic: String(objects.public),
    sizeLimit: file.maxBytes === null ? 'null' : String(file.maxBytes),
    mimeTypes: `${mimeTypes}::text[]`,
    layout: keyLayout({ file, objects }),
    policies: policies.map(policyView),
  }
}

/** `{org_id}/{id of show_submissions}/…`. */
export function keyLayout({ file, objects }: Pick<BucketPlan, 'file' | 'objects'>): string {
  const first = { tenant: '{tenant}/', owner: '{owner}/', row: '' }[objects.scope]
  return `${first}{key of ${file.table.name}}/…`
}

/** Without COMMENT ON POLICY: hosted lets `postgres` write it on this table only since supautils 3.3.0 (2026-07). */
function policyView(policy: PolicyPlan) {
  const indented = (predicate: string | null) => predicate && (predicate.includes('\n') ? `\n    ${predicate.replaceAll('\n', '\n    ')}\n  ` : predicate)
  return { name: ident(policy.name), command: policy.command, roles: policy.roles.join(', '), using: indented(policy.using), check: indented(policy.check), says: `${policy.command}: ${policy.says}` }
}
