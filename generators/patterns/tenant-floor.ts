import type { PatternContext } from './define-pattern.ts'
import { isMember } from './org_roles.ts'
import { isSameTenant } from './tenant.ts'

/** Whoever belongs to the row's tenant at all: the weakest role, or the tenant of the token. */
export function floorPredicate(context: PatternContext): string {
  const { tenancy } = context
  return tenancy.model === 'organization' ? isMember(tenancy.roles[0] ?? '', context) : isSameTenant(context)
}
