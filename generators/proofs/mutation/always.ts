/** Conditions that let every row pass: a key that is never null, looked up among rows that everybody sees. */
import { qualified } from '../../sql/identifier.ts'
import { withoutBrackets } from '../../sql/predicate-parts.ts'
import type { AppliedTable } from './applied.ts'

const lookup = /^(\w+) = ANY \(ARRAY\( SELECT \w+\.\w+\s+FROM ([\w.]+)\)\)$/

/** Sets `always`. A table whose rows all show is one more that others may look up. */
export function markAlways(tables: readonly AppliedTable[], openToAll: readonly string[]): void {
  const open = new Set(openToAll)
  for (const table of tables) {
    const shows = table.policies.filter(({ command, permissive, roles, using }) => command === 'select' && permissive && roles.includes('anon') && roles.includes('authenticated') && using !== null && isAlways(withoutBrackets(using), table, open))
    table.always = shows.map(({ using }) => withoutBrackets(using ?? ''))
    if (table.always.length > 0 && table.policies.every(({ permissive }) => permissive)) open.add(qualified(table.name))
  }
}

function isAlways(condition: string, { details }: AppliedTable, open: ReadonlySet<string>): boolean {
  const [, column, parent] = lookup.exec(condition) ?? []
  return parent !== undefined && open.has(parent) && details.some(({ name, notNull, references }) => name === column && notNull && references)
}
