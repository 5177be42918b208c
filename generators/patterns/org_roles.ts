import { ident } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'
import { type PatternContext, definePattern } from './define-pattern.ts'
import { isPermanent } from './owner.ts'

/** Members of the row's organisation with a role or a stronger one. */
export const orgRoles = definePattern({
  id: 'org_roles',
  title: 'Organisation with roles',
  decides: (audience) => typeof audience === 'object',
  roles: () => ['authenticated'],
  conditions: (audience, context) => [isMember(typeof audience === 'object' ? audience.role : '', context), ...isPermanent(context.table)],
  says: (audience) => `members who are at least ${typeof audience === 'object' ? audience.role : ''}`,
})

/**
 * One InitPlan and an index condition on the tenancy column. `in (select …)` would be a hashed SubPlan and a scan of the
 * whole table; a helper that takes the column would run once for each row.
 */
export function isMember(role: string, { table, helpers }: PatternContext): string {
  if (table.tenantColumn === null || helpers.organizationIds === null) throw new Error(`${table.name} belongs to no organisation.`)
  return `${ident(table.tenantColumn)} = any (array(select ${helpers.organizationIds}(${literal(role)})))`
}
