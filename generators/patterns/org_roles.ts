import { isRole } from '../design/audience-kinds.ts'
import { ident } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'
import { type PatternContext, definePattern } from './define-pattern.ts'
import { isPermanent } from './owner.ts'
import { tenantKeys } from './tenant-keys.ts'

/** Members of the row's organisation with a role or a stronger one. */
export const orgRoles = definePattern({
  id: 'org_roles',
  title: 'Organisation with roles',
  decides: (audience) => isRole(audience),
  roles: () => ['authenticated'],
  conditions: (audience, context) => [isMember(isRole(audience) ? audience.role : '', context), ...isPermanent(context.table)],
  says: (audience) => `members who are at least ${isRole(audience) ? audience.role : ''}`,
})

/**
 * One InitPlan and an index condition on the tenancy column. `in (select …)` would be a hashed SubPlan and a scan of the
 * whole table; a helper that takes the column would run once for each row.
 */
export function isMember(role: string, context: PatternContext): string {
  const { table, helpers } = context
  if (table.tenantVia !== null) return tenantKeys(table.tenantVia, context, literal(role))
  if (table.tenantColumn === null || helpers.organizationIds === null) throw new Error(`${table.name} belongs to no organisation.`)
  return `${ident(table.tenantColumn)} = any (array(select ${helpers.organizationIds}(${literal(role)})))`
}
