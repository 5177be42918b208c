/** A verb's rule as one predicate: the two sides, what they have in common, and the rows that nobody sees. */
import type { OrganizationTenancy, VerbRule } from '../design/spec.ts'
import { bracketed } from '../sql/bracketed.ts'
import { ident } from '../sql/identifier.ts'
import type { PatternContext } from './define-pattern.ts'
import { patternFor } from './index.ts'
import { hasSecondFactor, isOwner, isPermanent, isSignedIn } from './owner.ts'

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

/** Null when no client passes: no policy and no grant. */
export function rulePredicate(rule: VerbRule, conditions: RowConditions, context: PatternContext): RulePredicate | null {
  const { table, tenancy } = context
  const any = side(rule.any, conditions.where.any, context)
  const ownSide = table.ownerColumn === null || isCovered(rule, conditions, context) ? null : side(rule.own, conditions.where.own, context)
  const own = ownSide && { ...ownSide, terms: withOwner(ownSide.terms, context), says: rule.own === 'signed_in' || rule.own === 'anyone' ? nameOfOwner(table) : `${nameOfOwner(table)}, among ${ownSide.says}` }
  const sides = [own, any].filter((one) => one !== null)
  if (sides.length === 0) return null
  const live = conditions.live && table.softDelete !== 'none' ? ['deleted_at is null'] : []
  const terms = [...joined(sides.map((one) => one.terms), isStronger(rule, tenancy) ? context : null), ...(conditions.mfa ? [hasSecondFactor] : []), ...live]
  return {
    roles: (['anon', 'authenticated'] as const).filter((role) => sides.some((one) => one.roles.includes(role))),
    sql: terms.length > 1 ? terms.map(bracketed).join('\nand ') : (terms[0] ?? null),
    says: `${sides.map((one) => one.says).join('; ')}${conditions.mfa ? ', with a second factor' : ''}`,
  }
}

/** A row that is addressed to somebody belongs to whoever that is. */
function nameOfOwner({ addressee }: PatternContext['table']): string {
  return addressee === undefined ? 'the owner' : 'whom the row is for'
}

interface Side {
  roles: ('anon' | 'authenticated')[]
  terms: string[]
  says: string
}

function side(audience: VerbRule['any'], where: string | null, context: PatternContext): Side | null {
  const pattern = patternFor(audience, context.tenancy)
  const roles = pattern.roles(audience)
  if (roles.length === 0) return null
  return { roles, terms: [...pattern.conditions(audience, context), ...(where === null ? [] : [where])], says: pattern.says(audience) }
}

/** The owner's condition stands behind the tenancy, which is what an index leads with. Whoever owns is a permanent user. */
function withOwner(terms: string[], { table, helpers }: PatternContext): string[] {
  const scope = terms.filter((term) => table.tenantColumn !== null && term.startsWith(`${ident(table.tenantColumn)} = `))
  const rest = terms.filter((term) => !scope.includes(term) && term !== isSignedIn)
  return [...new Set([...scope, isOwner(table, helpers), ...isPermanent(table), ...rest])]
}

/** What the sides share stands once in front, so that it stays an index condition; the rest is joined by `or`. */
function joined(sides: string[][], context: PatternContext | null): string[] {
  const [first = [], second] = sides
  if (!second) return first
  const shared = first.filter((term) => second.includes(term))
  const rest = [first, second].map((terms) => terms.filter((term) => !shared.includes(term)))
  if (rest.some((terms) => terms.length === 0)) return shared
  const scope = context ? (rest[0] ?? []).slice(0, 1) : []
  const branches = rest.map((terms, index) => terms.filter((term) => index > 0 || !scope.includes(term)).map(bracketed).join(' and '))
  const either = branches.map((branch) => (branch.includes(' and ') ? `(${branch})` : branch)).join(' or ')
  return [...scope, either, ...shared]
}

/** Everybody who passes as owner passes anyway. */
function isCovered({ own, any }: VerbRule, { where }: RowConditions, { tenancy }: PatternContext): boolean {
  if (where.own !== where.any) return false
  if (own === 'service' || own === 'nobody' || any === 'anyone' || JSON.stringify(own) === JSON.stringify(any)) return true
  if (typeof own === 'object' && typeof any === 'object' && tenancy.model === 'organization') return rank(tenancy, own.role) >= rank(tenancy, any.role)
  return any === 'signed_in' && own !== 'anyone'
}

/** Those of `any` are among those of `own`, so the condition of `own` holds for both sides. */
function isStronger({ own, any }: VerbRule, tenancy: PatternContext['tenancy']): boolean {
  return tenancy.model === 'organization' && typeof own === 'object' && typeof any === 'object' && rank(tenancy, any.role) > rank(tenancy, own.role)
}

function rank(tenancy: OrganizationTenancy, role: string): number {
  return tenancy.roles.indexOf(role)
}
