import { verbs } from '../../design/spec.ts'
import type { Verb } from '../../design/spec.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import type { AppliedTable } from './applied.ts'
import type { Mutant } from './mutant.ts'

const dangerous = ['truncate', 'references', 'trigger'] as const

/** Rights given that the design does not give, and rights taken away. */
export function grantMutants(table: AppliedTable, { hasMaintain }: { hasMaintain: boolean }): Mutant[] {
  const name = qualified(table.name)
  const grant = (role: string, privilege: string, column: string | null, verbsFirst: readonly Verb[]): Mutant => ({
    says: `${name}: ${privilege}${column === null ? '' : ` of ${column}`} granted to ${role}`,
    effect: 'weakening', table: table.name, verbs: verbsFirst, hint: column === null ? null : `set ${column}`, equivalent: null,
    sql: `grant ${privilege}${column === null ? '' : ` (${ident(column)})`} on table ${name} to ${role}`,
  })
  const holds = (role: string, privilege: string, column: string | null) => table.rights.some((right) => right.role === role && right.privilege === privilege && (right.column === column || right.column === null))
  const isAbsent = (role: string, verb: string) => !table.rights.some((right) => right.role === role && right.privilege === verb)
  const added = (['anon', 'authenticated', 'service_role'] as const).flatMap((role) => [
    ...verbs.filter((verb) => !holds(role, verb, null)).map((verb) => grant(role, verb, null, [verb])),
    ...(role === 'service_role' ? [] : [...dangerous, ...(hasMaintain ? ['maintain'] : [])].filter((privilege) => !holds(role, privilege, null)).map((privilege) => grant(role, privilege, null, ['delete']))),
    ...(role === 'service_role'
      ? []
      : (['select', 'insert', 'update'] as const).flatMap((verb) => {
          const missing = table.columns.filter((column) => !holds(role, verb, column))
          // Where the role has nothing of the verb, one column stands for all.
          return (isAbsent(role, verb) ? missing.slice(0, 1) : missing).map((column) => grant(role, verb, column, [verb]))
        })),
  ])
  const taken = table.rights.filter(({ privilege }) => verbs.includes(privilege as Verb)).map(({ role, privilege, column }): Mutant => ({
    says: `${name}: ${privilege}${column === null ? '' : ` of ${column}`} taken from ${role}`,
    effect: 'restricting', table: table.name, verbs: [privilege as Verb], hint: column === null ? null : 'every column', equivalent: null,
    sql: `revoke ${privilege}${column === null ? '' : ` (${ident(column)})`} on table ${name} from ${role}`,
  }))
  return [...added, ...taken]
}
