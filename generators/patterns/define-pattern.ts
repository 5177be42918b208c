import type { ParentAudience } from '../design/followed.ts'
import type { Audience, PatternId, TableSpec, Tenancy, VerbRule } from '../design/spec.ts'

/** What a pattern needs to know to write its predicate. */
export interface PatternContext {
  table: TableSpec
  /** All tables of the design. */
  tables: readonly TableSpec[]
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
  /** A function that returns keys of rows: those that a parent's rule lets the caller reach, those of the caller's tenants, those shared with the caller. */
  keys(need: KeysNeed): string
}

export type KeysNeed =
  | { of: 'parent'; parent: TableSpec; key: string; audience: ParentAudience }
  /** Takes the weakest role that passes, where tenants are organisations. */
  | { of: 'tenant'; table: TableSpec }
  /** Takes the weakest level that passes, where there are levels. */
  | { of: 'shares'; table: TableSpec }

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
  roles(audience: Audience, context: PatternContext, ask: Ask): ('anon' | 'authenticated')[]
  /** Conditions that are joined by `and`, each one InitPlan or none: never a helper that takes a column. */
  conditions(audience: Audience, context: PatternContext, ask: Ask): string[]
  /** The audience in words: `members who are at least editor`. */
  says(audience: Audience, table: TableSpec): string
}

/** What a pattern asks of the others, for an audience that stands on another one. */
export interface Ask {
  conditions(audience: Audience, context: PatternContext): string[]
  predicate(rule: VerbRule, conditions: RowConditions, context: PatternContext): RulePredicate | null
}

/** A verb's rule as one predicate. */
export interface RulePredicate {
  roles: ('anon' | 'authenticated')[]
  /** Null = true. */
  sql: string | null
  says: string
}

export interface RowConditions {
  where: { own: string | null; any: string | null }
  /** Leave deleted rows out. */
  live: boolean
  /** The token must have a second factor. */
  mfa: boolean
}

/** Types the object literal of a pattern's file. */
export function definePattern(definition: AccessPattern): AccessPattern {
  return definition
}
