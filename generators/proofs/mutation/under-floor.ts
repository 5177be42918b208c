/** What a restrictive floor settles: a fault in a permissive policy that the floor makes good for every row cannot be told from the design. */
import type { CatalogPolicy } from '../../design/catalog.ts'
import { parseExpression } from '../../sql/expression.ts'
import { partsOf, withoutBrackets } from '../../sql/predicate-parts.ts'
import type { AppliedTable } from './applied.ts'

/** The restrictive policy for all commands that asks the same of the old row and the new one. */
export function floorOf({ policies }: Pick<AppliedTable, 'policies'>): (CatalogPolicy & { using: string }) | null {
  const floor = policies.find(({ permissive, command, roles, using, check }) => !permissive && command === 'all' && roles.includes('authenticated') && using !== null && (check === null || check === using))
  return floor && floor.using !== null ? { ...floor, using: floor.using } : null
}

/** Why the mutated predicate lets the same rows pass; null when it may not. Roles that the floor does not speak to are not settled by it. */
export function settledByFloor(side: 'using' | 'check', after: string, policy: CatalogPolicy, table: Pick<AppliedTable, 'policies'>): string | null {
  const floor = floorOf(table)
  const before = policy[side]
  if (!floor || before === null || !policy.permissive || !policy.roles.every((role) => floor.roles.includes(role))) return null
  if (under([floor.using], before) === under([floor.using], after)) return `${floor.name} asks the same of every row`
  const known = [floor.using, ...(side === 'check' ? settled(policy) : [])]
  return under(known, before) === under(known, after) ? `${floor.name} asks the same of every row, and the rest reads no column and was asked by USING` : null
}

/** Why the mutated predicate lets the same rows pass, where a condition lets every row pass; null when it may not. */
export function settledByAlways(side: 'using' | 'check', after: string, policy: CatalogPolicy, { always }: Pick<AppliedTable, 'always'>): string | null {
  const before = policy[side]
  return before !== null && always.length > 0 && under(always, before) === under(always, after) ? `every row meets "${always.join('" and "')}": whoever asks sees all rows that it looks up, and its key is never null` : null
}

/** Conditions of USING that are the same for the new row, because they read no column. */
function settled({ command, using }: CatalogPolicy): string[] {
  if (command !== 'update' || using === null) return []
  const taken = partsOf(using)
  return (taken?.operator === 'and' ? taken.parts : [using]).filter((part) => parseExpression(part).columns.length === 0)
}

/** The predicate where the conditions hold: each is true, and what is joined to true is left or gone. */
export function under(known: readonly string[], predicate: string): string {
  const text = withoutBrackets(predicate)
  if (known.some((condition) => text === withoutBrackets(condition))) return 'true'
  const taken = partsOf(text)
  if (!taken) return text
  const parts = taken.parts.map((part) => under(known, part))
  if (taken.operator === 'or') return parts.includes('true') ? 'true' : `(${parts.join(' or ')})`
  const rest = parts.filter((part) => part !== 'true')
  return rest.length > 1 ? `(${rest.join(' and ')})` : (rest[0] ?? 'true')
}
