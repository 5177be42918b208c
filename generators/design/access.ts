/**
 * Who may do what, decided from the spec alone. It sees no SQL and no pattern, so it can be held against what a
 * database does. `spec-reference.md`, section access, in code.
 */
import type { Audience, OrganizationTenancy, TableSpec, Tenancy, Verb } from './spec.ts'

/** Somebody who sends a request. */
export interface Caller {
  role: 'anon' | 'authenticated' | 'service_role'
  /** `sub` of the token. */
  userId: string | null
  /** An anonymous sign-in: role `authenticated`, claim `is_anonymous`. */
  anonymous: boolean
  /** `aal2` after a second factor; null for a token that does not say. */
  aal: 'aal1' | 'aal2' | null
  /** Value of the tenancy claim. */
  tenantId: string | null
  memberships: { organization: string; role: string; active: boolean }[]
}

/** What the rules ask about a row. */
export interface RowFacts {
  owner: string | null
  /** Whose confirmed address the row is addressed to. */
  addressee?: string | null
  /** Organisation or tenant. */
  tenant: string | null
  organizationDeleted: boolean
  deleted: boolean
  /** Whether the table's `access.where` holds for the row, by rule. */
  where: { own: boolean; any: boolean }
}

/**
 * May the caller do this to the row? For `insert` and for the new row of `update`, ask again with the row as it would be.
 * Column rights are a question of their own: `writableColumns`.
 */
export function mayDo(verb: Verb, caller: Caller, row: RowFacts, table: TableSpec, tenancy: Tenancy): boolean {
  const rule = table.access[verb]
  if (caller.role === 'service_role') return rule.any !== 'nobody' || rule.own !== 'nobody'
  if (row.deleted || (table.access.mfa.includes(verb) && caller.aal !== 'aal2')) return false
  const sees = (side: 'own' | 'any') => verb !== 'select' || row.where[side]
  const owns = caller.userId !== null && (row.owner === caller.userId || row.addressee === caller.userId)
  const passes = (audience: Audience) => isIn(audience, caller, row, table, tenancy)
  return (passes(rule.any) && sees('any')) || (owns && isPermanent(caller, table) && passes(rule.own) && sees('own'))
}

/** Whether the caller belongs to the row's tenant at all, with whatever role: whom the floor of the tenancy lets pass. */
export function isInsideTenancy({ role, tenantId, memberships }: Caller, row: RowFacts, tenancy: Tenancy): boolean {
  if (role !== 'authenticated' || row.tenant === null || tenancy.model === 'none') return false
  if (tenancy.model === 'tenant_column') return tenantId === row.tenant
  return !row.organizationDeleted && memberships.some(({ active, organization, role: held }) => active && organization === row.tenant && tenancy.roles.includes(held))
}

/** Deletes by clients: with `soft_delete: rpc` they go through a function, and DELETE itself is refused. */
export function hasDirectDelete(table: TableSpec): boolean {
  return table.softDelete !== 'rpc'
}

function isIn(audience: Audience, caller: Caller, row: RowFacts, table: TableSpec, tenancy: Tenancy): boolean {
  if (typeof audience === 'object') return isMember(audience.role, caller, row, table, tenancy)
  switch (audience) {
    case 'anyone':
      return true
    case 'signed_in':
      return isPermanent(caller, table)
    case 'tenant':
      return isPermanentToken(caller, table) && row.tenant !== null && caller.tenantId === row.tenant
    case 'service':
    case 'nobody':
      return false
  }
}

function isMember(atLeast: string, caller: Caller, row: RowFacts, table: TableSpec, tenancy: Tenancy): boolean {
  if (tenancy.model !== 'organization' || !isPermanent(caller, table) || row.organizationDeleted || row.tenant === null) return false
  return caller.memberships.some(
    (membership) => membership.active && membership.organization === row.tenant && rankOf(tenancy, membership.role) >= rankOf(tenancy, atLeast),
  )
}

/** -1 for a role that the spec does not know: such a member is below the weakest. */
function rankOf(tenancy: OrganizationTenancy, role: string): number {
  return tenancy.roles.indexOf(role)
}

function isPermanent(caller: Caller, table: TableSpec): boolean {
  return caller.userId !== null && isPermanentToken(caller, table)
}

/** A token of a machine has a tenant and no user. */
function isPermanentToken(caller: Caller, table: TableSpec): boolean {
  return caller.role === 'authenticated' && (table.access.anonymous || !caller.anonymous)
}
