import { ident } from '../sql/identifier.ts'
import { type PatternContext, definePattern } from './define-pattern.ts'
import { isPermanent } from './owner.ts'
import { tenantKeys } from './tenant-keys.ts'

/** The row's tenant is the one in the trusted part of the token. */
export const tenant = definePattern({
  id: 'tenant',
  title: 'Tenant of the token',
  decides: (audience) => audience === 'tenant',
  roles: () => ['authenticated'],
  conditions: (_audience, context) => [isSameTenant(context), ...isPermanent(context.table)],
  says: () => 'users of the same tenant',
})

/** One InitPlan and an index condition. */
export function isSameTenant(context: PatternContext): string {
  const { table, helpers } = context
  if (table.tenantVia !== null) return tenantKeys(table.tenantVia, context, '')
  if (table.tenantColumn === null || helpers.tenantId === null) throw new Error(`${table.name} belongs to no tenant.`)
  return `${ident(table.tenantColumn)} = (select ${helpers.tenantId}())`
}
