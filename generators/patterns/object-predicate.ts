/** A verb's rule about the objects of one bucket, as one predicate on `storage.objects`. */
import type { Audience, FileSpec, Tenancy, Verb } from '../design/spec.ts'
import { bracketed } from '../sql/bracketed.ts'
import { literal } from '../sql/literal.ts'
import type { PolicyHelpers, RulePredicate } from './define-pattern.ts'
import { patternFor } from './index.ts'
import { isPermanent, isSignedIn } from './owner.ts'
import { objectsTable } from '../design/object-facts.ts'

export interface ObjectContext {
  file: FileSpec
  tenancy: Tenancy
  helpers: PolicyHelpers
}

/** The first folder of the key; null where the key has none. */
const firstFolder = '(storage.foldername(name))[1]'

/**
 * The bucket first: it leads the unique index of the table, and policies of other buckets end there. The caller's tenants are
 * one InitPlan as text, because a key is text: a cast of the folder would fail on every key that somebody invents.
 * Null when no client passes.
 */
export function objectPredicate(verb: Verb, context: ObjectContext): RulePredicate | null {
  const { file, tenancy } = context
  const objects = file.objects
  if (!objects) return null
  const rule = objects.access[verb]
  const sides = [
    ...(JSON.stringify(rule.own) === JSON.stringify(rule.any) ? [] : [side(rule.own, true, context)]),
    side(rule.any, false, context),
  ].filter((one) => one !== null)
  const [first, second] = sides
  if (!first) return null
  const shared = second ? first.terms.filter((term) => second.terms.includes(term)) : []
  const rest = sides.map(({ terms }) => terms.filter((term) => !shared.includes(term)))
  const either = rest.some((terms) => terms.length === 0) ? [] : second ? [rest.map((terms) => (terms.length > 1 ? `(${terms.map(bracketed).join(' and ')})` : terms.join(''))).join(' or ')] : (rest[0] ?? [])
  const writes = verb === 'insert' || verb === 'update'
  const terms = [`bucket_id = ${literal(file.bucket)}`, ...either, ...shared, ...(writes ? layout(objects.folders) : [])]
  return {
    roles: (['anon', 'authenticated'] as const).filter((role) => sides.some(({ roles }) => roles.includes(role))),
    sql: terms.map(bracketed).join('\nand '),
    says: sides.map(({ says }) => says).join('; '),
  }

  function side(audience: Audience, own: boolean, { helpers }: ObjectContext) {
    if (audience === 'service' || audience === 'nobody') return null
    const table = objectsTable(file)
    const says = patternFor(audience, tenancy).says(audience, table)
    const permanent = isPermanent(table)
    const tenant = typeof audience === 'object' && 'role' in audience ? [`${firstFolder} = any (array(select ${helpers.organizationIds}(${literal(audience.role)})::text))`] : audience === 'tenant' ? [`${firstFolder} = (select ${helpers.tenantId}()::text)`] : []
    const owner = objects?.scope === 'owner' ? `${firstFolder} = (select auth.uid()::text)` : 'owner_id = (select auth.uid()::text)'
    if (own) return { roles: ['authenticated'] as RulePredicate['roles'], terms: [...tenant, owner, ...permanent], says: audience === 'signed_in' || audience === 'anyone' ? 'the owner' : `the owner, among ${says}` }
    return { roles: audience === 'anyone' ? (['anon', 'authenticated'] as RulePredicate['roles']) : (['authenticated'] as RulePredicate['roles']), terms: audience === 'anyone' ? [] : [...tenant, ...(audience === 'signed_in' ? [isSignedIn] : []), ...permanent], says }
  }
}

/** Keys that are written have the folders of the layout, and no segment that a client or a store may read as another place. */
function layout(folders: readonly string[]): string[] {
  return [`name ~ ${literal(`^${folders.join('/')}(/[^/]+)+$`)}`, `name !~ ${literal('(^|/)[.]{1,2}(/|$)')}`]
}
