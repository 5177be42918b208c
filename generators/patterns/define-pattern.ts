import type { Audience, PatternId, TableSpec, Tenancy } from '../design/spec.ts'

/** What a pattern needs to know to write its predicate. */
export interface PatternContext {
  table: TableSpec
  tenancy: Tenancy
  /** Names of the policy helpers of this design, qualified and quoted. */
  helpers: PolicyHelpers
}

/** Null where the tenancy model has no use for the helper. */
export interface PolicyHelpers {
  /** `private.org_ids`: takes the weakest role that passes, returns the keys of the caller's organisations. */
  organizationIds: string | null
  /** `private.tenant_id`: the tenant of the token. */
  tenantId: string | null
  /** `private.confirmed_email`: the caller's address, where some row may be addressed to it. */
  confirmedEmail?: string
}

/**
 * How one kind of audience is recognised in SQL. Its file is named for the access pattern that is built on it; any verb of
 * any table may use it.
 */
export interface AccessPattern {
  id: PatternId
  title: string
  /** True when this pattern decides who passes. */
  decides(audience: Audience, tenancy: Tenancy): boolean
  /** Roles of the Data API that a policy for the audience is written for; none = no policy, no grant. */
  roles(audience: Audience): ('anon' | 'authenticated')[]
  /** Conditions that are joined by `and`, each one InitPlan or none: never a helper that takes a column. */
  conditions(audience: Audience, context: PatternContext): string[]
  /** The audience in words: `members who are at least editor`. */
  says(audience: Audience): string
}

/** Types the object literal of a pattern's file. */
export function definePattern(definition: AccessPattern): AccessPattern {
  return definition
}
