import { isParent, isRole } from '../design/audience-kinds.ts'
import type { ParentAudience, ViaSpec } from '../design/followed.ts'
import { followsExisting, haveSameTenant, parentOf, parentRule } from '../design/parent-rules.ts'
import { type Audience, type TableSpec, type VerbRule, columnOf } from '../design/spec.ts'
import { ident, qualified } from '../sql/identifier.ts'
import { type Ask, type PatternContext, type RowConditions, type RulePredicate, definePattern } from './define-pattern.ts'
import { isCovered } from './rule-cover.ts'

/** Whoever may do something to the row that `via` references. */
export const parent = definePattern({
  id: 'parent',
  title: 'As the parent row',
  decides: isParent,
  roles: (audience, context, ask) => followed(audience, context, ask).roles,
  conditions: (audience, context, ask) => followed(audience, context, ask).conditions,
  says: (audience, { access: { via } }) => {
    const verb = isParent(audience) ? audience.parent : ''
    return `${verb === 'owner' ? 'the owner of' : `whoever may ${verb}`} the row of ${via?.references.name} that ${via?.column} names`
  },
})

interface Followed {
  roles: RulePredicate['roles']
  conditions: string[]
}

function followed(audience: Audience, context: PatternContext, ask: Ask): Followed {
  const { table, tables, tenancy } = context
  const { via } = table.access
  if (!isParent(audience) || via === null) throw new Error(`${table.name} follows no parent.`)
  if (via.existing !== null) return { roles: via.existing, conditions: [isAmong(via, `select ${ident(via.key)} from ${qualified(via.references)}`)] }
  const parent = parentOf(table, tables)
  if (!parent) throw new Error(`${via.references.name} is not in the design.`)
  const rule = parentRule(parent, audience, tenancy)
  const reached = ask.predicate(rule, conditionsOf(parent, audience), { ...context, table: parent })
  if (reached === null) return { roles: [], conditions: ['false'] }
  const { roles } = reached
  if (reached.sql === null) return { roles, conditions: isFilled(via, table) }
  if (isDirect(rule, parent, conditionsOf(parent, audience), context)) return { roles, conditions: [...ask.conditions(rule.any, asChild(parent, context)), ...isFilled(via, table)] }
  // With the rights of the caller: a function would see every row of the existing table at the end of the chain.
  if (followsExisting(rule, parent, tables, tenancy)) return { roles, conditions: [isAmong(via, `select ${ident(via.key)} from ${qualified(parent)}`)] }
  return { roles, conditions: [isAmong(via, `select ${context.helpers.keys({ of: 'parent', parent, key: via.key, audience })}()`)] }
}

/** One InitPlan and an index condition, as for organisations. */
function isAmong({ column }: ViaSpec, keys: string): string {
  return `${ident(column)} = any (array(${keys}))`
}

/** Only SELECT has a condition on rows; a second factor is asked where the parent asks for it. */
export function conditionsOf({ access }: TableSpec, { parent: verb }: ParentAudience): RowConditions {
  return { where: verb === 'select' ? access.where : { own: null, any: null }, live: true, mfa: verb !== 'owner' && access.mfa.includes(verb) }
}

/** Without a parent nobody passes, also where any parent would do. */
function isFilled({ column }: ViaSpec, table: TableSpec): string[] {
  return columnOf(table, column).nullable ? [`${ident(column)} is not null`] : []
}

/**
 * The parent's rule reads nothing of the parent but its tenant, which a composite foreign key makes the child's own: then
 * the child's column answers, without a list of keys.
 */
function isDirect(rule: VerbRule, parent: TableSpec, conditions: RowConditions, { table, tenancy }: PatternContext): boolean {
  if (parent.softDelete !== 'none' || conditions.where.any !== null || conditions.mfa || !isCovered(rule, conditions, tenancy)) return false
  if (rule.any === 'anyone' || rule.any === 'signed_in') return true
  const isOfTenant = isRole(rule.any) || rule.any === 'tenant'
  return isOfTenant && tenancy.model !== 'none' && parent.kind === 'row' && haveSameTenant(table, parent)
}

/** The child's columns under the parent's word about anonymous sign-ins. */
function asChild(parent: TableSpec, context: PatternContext): PatternContext {
  return { ...context, table: { ...context.table, access: { ...context.table.access, anonymous: parent.access.anonymous } } }
}
