/** How the two sides of a rule stand to each other. */
import { isRole } from '../design/audience-kinds.ts'
import type { OrganizationTenancy, Tenancy, VerbRule } from '../design/spec.ts'
import type { RowConditions } from './define-pattern.ts'

/** Everybody who passes as owner passes anyway. */
export function isCovered({ own, any }: VerbRule, { where }: RowConditions, tenancy: Tenancy): boolean {
  if (where.own !== where.any) return false
  if (own === 'service' || own === 'nobody' || any === 'anyone' || JSON.stringify(own) === JSON.stringify(any)) return true
  if (isRole(own) && isRole(any) && tenancy.model === 'organization') return rank(tenancy, own.role) >= rank(tenancy, any.role)
  return any === 'signed_in' && own !== 'anyone'
}

/** Those of `any` are among those of `own`, so the condition of `own` holds for both sides. */
export function isStronger({ own, any }: VerbRule, tenancy: Tenancy): boolean {
  return tenancy.model === 'organization' && isRole(own) && isRole(any) && rank(tenancy, any.role) > rank(tenancy, own.role)
}

function rank(tenancy: OrganizationTenancy, role: string): number {
  return tenancy.roles.indexOf(role)
}
