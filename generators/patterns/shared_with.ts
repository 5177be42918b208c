import { isShared, ownerRule } from '../design/audience-kinds.ts'
import { type Audience, type TableSpec, scopeColumn } from '../design/spec.ts'
import { ident } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'
import { type Ask, type PatternContext, definePattern } from './define-pattern.ts'
import { isPermanent } from './owner.ts'

/** People whom a table of shares names for the row, at a level or a stronger one. */
export const sharedWith = definePattern({
  id: 'shared_with',
  title: 'Shared with people',
  decides: isShared,
  roles: () => ['authenticated'],
  conditions: (audience, context, ask) => [...new Set([...tenancyOf(context, ask), isAmongShared(audience, context), ...isPermanent(context.table)])],
  says: (audience, { access: { shares } }) => {
    const level = isShared(audience) ? audience.shared : ''
    return (shares?.levels.length ?? 0) > 1 ? `whoever it is shared with as ${level}${level === shares?.levels.at(-1) ? '' : ' or more'}` : 'whoever it is shared with'
  },
})

/** A share opens nothing to somebody whom the tenancy keeps out. */
function tenancyOf(context: PatternContext, ask: Ask): string[] {
  const { table, tenancy } = context
  if (scopeColumn(table) === null) return []
  const { own } = ownerRule(table, tenancy)
  return ask.conditions(own, context)
}

function isAmongShared(audience: Audience, { table, helpers }: PatternContext): string {
  const level = isShared(audience) && table.access.shares?.level != null ? literal(audience.shared) : ''
  return `${ident(keyOf(table))} = any (array(select ${helpers.keys({ of: 'shares', table })}(${level})))`
}

function keyOf({ primaryKey, name }: TableSpec): string {
  const [key] = primaryKey
  if (key === undefined) throw new Error(`${name} has no key.`)
  return key
}
