/** Which kind of audience it is, and who passes as the owner of a row. */
import type { ParentAudience, RoleAudience, SharedAudience } from './followed.ts'
import { type Audience, type TableSpec, type Tenancy, type VerbRule, scopeColumn } from './spec.ts'

export function isRole(audience: Audience): audience is RoleAudience {
  return typeof audience === 'object' && 'role' in audience
}

export function isParent(audience: Audience): audience is ParentAudience {
  return typeof audience === 'object' && 'parent' in audience
}

export function isShared(audience: Audience): audience is SharedAudience {
  return typeof audience === 'object' && 'shared' in audience
}

/** Everybody who may act on rows of their own: those whom the table's tenancy lets in at all. */
export function baseAudience(tenancy: Tenancy, { isScoped }: { isScoped: boolean }): Audience {
  if (tenancy.model === 'organization' && isScoped) return { role: tenancy.roles[0] ?? '' }
  return tenancy.model === 'tenant_column' && isScoped ? 'tenant' : 'signed_in'
}

/** Who passes as the owner of a row. */
export function ownerRule(table: TableSpec, tenancy: Tenancy): VerbRule {
  return { own: baseAudience(tenancy, { isScoped: scopeColumn(table) !== null }), any: 'service' }
}
