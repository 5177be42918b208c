/** A verb's rule as one predicate: the two sides, what they have in common, and the rows that nobody sees. */
import { isParent } from '../design/audience-kinds.ts'
import { keepsAnonymousOut } from '../design/parent-rules.ts'
import { type Audience, type VerbRule, scopeColumn } from '../design/spec.ts'
import { bracketed } from '../sql/bracketed.ts'
import { ident } from '../sql/identifier.ts'
import type { Ask, PatternContext, RowConditions, RulePredicate } from './define-pattern.ts'
import { patternFor } from './index.ts'
import { hasSecondFactor, isOwner, isPermanent, isSignedIn, ownerInWords } from './owner.ts'
import { isCovered, isStronger } from './rule-cover.ts'

/** Null when no client passes: no policy and no grant. */
export function rulePredicate(rule: VerbRule, conditions: RowConditions, context: PatternContext): RulePredicate | null {
  const { table, tenancy } = context
  const any = side(rule.any, conditions.where.any, context)
  const ownSide = table.ownerColumn === null || isCovered(rule, conditions, tenancy) ? null : side(rule.own, conditions.where.own, context)
  const own = ownSide && { ...ownSide, terms: withOwner(ownSide.terms, rule.own, context), says: rule.own === 'signed_in' || rule.own === 'anyone' ? ownerInWords(table) : `${ownerInWords(table)}, among ${ownSide.says}` }
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

/** A predicate as one of several conditions: what is a conjunction already stands as it is. */
export function amongOthers(predicate: string): string {
  return predicate.includes('\nand ') ? predicate : bracketed(predicate)
}

interface Side {
  roles: ('anon' | 'authenticated')[]
  terms: string[]
  says: string
}

function side(audience: VerbRule['any'], where: string | null, context: PatternContext): Side | null {
  const pattern = patternFor(audience, context.tenancy)
  const roles = pattern.roles(audience, context, ask)
  if (roles.length === 0) return null
  return { roles, terms: [...ask.conditions(audience, context), ...(where === null ? [] : [where])], says: pattern.says(audience, context.table) }
}

const ask: Ask = {
  conditions: (audience, context) => patternFor(audience, context.tenancy).conditions(audience, context, ask),
  predicate: rulePredicate,
}

/** The owner's condition stands behind the tenancy, which is what an index leads with. Whoever owns is a permanent user. */
function withOwner(terms: string[], own: Audience, { table, tables, tenancy, helpers }: PatternContext): string[] {
  const keepsOut = isParent(own) && keepsAnonymousOut(own, table, tables, tenancy)
  const leading = scopeColumn(table)
  const scope = terms.filter((term) => leading !== null && term.startsWith(`${ident(leading)} = `))
  const rest = terms.filter((term) => !scope.includes(term) && term !== isSignedIn)
  return [...new Set([...scope, isOwner(table, helpers), ...(keepsOut ? [] : isPermanent(table)), ...rest])]
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
