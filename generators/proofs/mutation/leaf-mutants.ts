/** A single condition written slightly wrong: somebody instead of this caller, roles compared the other way round, null taken for equal. */
import type { Mutant } from './mutant.ts'

interface LeafMutant {
  predicate: string
  says: string
  effect: Mutant['effect']
}

const isCaller = /^([\w".]+) = (\(\s*select auth\.uid\(\)(?: as uid)?\s*\))$/i

const isScope = /^([\w".]+) = (\(\s*select (?:auth|private)\.\w+\(\)(?: as \w+)?\s*\))$/i
const isMember = /^([\w".]+) = any \(array\(\s*select /i

export function leafMutants(condition: string): LeafMutant[] {
  const [, , caller] = isCaller.exec(condition) ?? []
  const ranks = condition.includes('array_position') && condition.split(' >= ').length === 2
  return [
    ...(caller === undefined ? [] : [{ predicate: `${caller} is not null`, says: `any signed-in caller instead of "${condition}"`, effect: 'weakening' as const }]),
    ...(ranks
      ? [
          { predicate: condition.replace(' >= ', ' <= '), says: 'weaker roles instead of stronger ones', effect: 'weakening' as const },
          { predicate: condition.replace(' >= ', ' > '), says: 'stronger roles only', effect: 'restricting' as const },
        ]
      : []),
  ]
}

/** `owner_id is not distinct from (select auth.uid())`: a caller without a subject owns what nobody owns. Likewise for the tenant of a token. */
export function nullIsEqual(condition: string): { predicate: string; column: string }[] {
  const [, column, value] = isScope.exec(condition) ?? []
  return column === undefined ? [] : [{ predicate: `${column} is not distinct from ${value}`, column: column.replaceAll('"', '') }]
}

/** The column that a condition compares with who is asking: `owner_id`. */
export function callerColumn(condition: string): string | null {
  return (isScope.exec(condition) ?? isMember.exec(condition))?.[1]?.replaceAll('"', '') ?? null
}

/** The next weaker and the next stronger role where a helper is asked for one: `org_ids('editor'::text)`. */
export function tierMutants(predicate: string, roles: readonly string[]): LeafMutant[] {
  return [...predicate.matchAll(/\('([^']+)'::text\)/g)].flatMap((match) => {
    const rank = roles.indexOf(match[1] ?? '')
    if (rank === -1) return []
    const start = (match.index ?? 0) + 2
    const swap = (role: string | undefined, effect: Mutant['effect']) =>
      role === undefined ? [] : [{ predicate: `${predicate.slice(0, start)}${role}${predicate.slice(start + (match[1] ?? '').length)}`, says: `"${role}" instead of "${match[1]}"`, effect }]
    return [...swap(roles[rank - 1], 'weakening'), ...swap(roles[rank + 1], 'restricting')]
  })
}
