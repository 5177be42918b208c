/**
 * Who may do what, decided from the spec alone. It sees no SQL and no pattern, so it can be held against what a
 * database does. `spec-reference.md`, section access, in code.
 */
import { isParent, isRole, ownerRule } from './audience-kinds.ts'
import type { ParentAudience, SharedAudience } from './followed.ts'
import { type Audience, type OrganizationTenancy, type TableSpec, type Tenancy, type Verb, type VerbRule, scopeColumn } from './spec.ts'

/** Somebody who sends a request. */
export interface Caller {
  /** `anon`, `authenticated`, `service_role`, or the role of a job. */
  role: string
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
  /** The row that `access.via` references; null when it references none. */
  parent: ParentFacts | null
  /** With whom the row is shared. */
  shares: { user: string; level: string | null }[]
  /** Jobs whose condition holds for the row; those without one are not listed. */
  jobs?: readonly string[]
}

/** A row of a table of the design, or who can see a row of a table that exists already: they were asked. */
export type ParentFacts = { table: TableSpec; facts: RowFacts } | { seenBy: ReadonlySet<Caller> }

/**
 * May the caller do this to the row? For `insert` and for the new row of `update`, ask again with the row as it would be.
 * Column rights are a question of their own: `writableColumns`.
 */
export function mayDo(verb: Verb, caller: Caller, row: RowFacts, table: TableSpec, tenancy: Tenancy): boolean {
  return passesRule(table.access[verb], caller, row, table, tenancy, { needsFactor: table.access.mfa.includes(verb), sees: (side) => verb !== 'select' || row.where[side] })
}

interface RowQuestion {
  needsFactor: boolean
  sees(side: 'own' | 'any'): boolean
}

function passesRule(rule: VerbRule, caller: Caller, row: RowFacts, table: TableSpec, tenancy: Tenancy, { needsFactor, sees }: RowQuestion): boolean {
  if (caller.role === 'service_role') return rule.any !== 'nobody' || rule.own !== 'nobody'
  if (row.deleted || (needsFactor && caller.aal !== 'aal2')) return false
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
  if (typeof audience === 'object') {
    if (isRole(audience)) return isMember(audience.role, caller, row, table, tenancy)
    return isParent(audience) ? passesParent(audience, caller, row, tenancy) : isSharedWith(audience, caller, row, table, tenancy)
  }
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

/** The parent's own rule about the parent's own row. */
function passesParent({ parent: verb }: ParentAudience, caller: Caller, { parent }: RowFacts, tenancy: Tenancy): boolean {
  if (parent === null) return false
  if ('seenBy' in parent) return verb === 'select' && parent.seenBy.has(caller)
  return verb === 'owner' ? passesRule(ownerRule(parent.table, tenancy), caller, parent.facts, parent.table, tenancy, { needsFactor: false, sees: () => true }) : mayDo(verb, caller, parent.facts, parent.table, tenancy)
}

/** A share opens nothing to somebody whom the tenancy keeps out. */
function isSharedWith({ shared }: SharedAudience, caller: Caller, row: RowFacts, table: TableSpec, tenancy: Tenancy): boolean {
  const levels = table.access.shares?.levels ?? []
  const isStrong = (level: string | null) => level === null || levels.indexOf(level) >= levels.indexOf(shared)
  if (!row.shares.some(({ user, level }) => user === caller.userId && isStrong(level))) return false
  return isPermanent(caller, table) && (scopeColumn(table) === null || isIn(ownerRule(table, tenancy).own, caller, row, table, tenancy))
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
