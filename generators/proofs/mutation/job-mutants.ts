import type { Plan } from '../../design/plan.ts'
import { type Verb, verbs } from '../../design/spec.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import type { Mutant } from './mutant.ts'

/** Rights of background jobs: more verbs, more columns, rows beyond their condition, other people in their place; and less. */
export function jobMutants({ jobs, tables }: Plan): Mutant[] {
  const mutants = jobs.flatMap(({ job, tables: reached }) => {
    const role = ident(job.role)
    const onReached = reached.flatMap(({ access, table, policies }) => {
      const name = qualified(access.table)
      const mutant = (says: string, effect: Mutant['effect'], sql: string, verb: Verb, hint: string | null = null): Mutant => ({ says: `${job.role} on ${name}: ${says}`, effect, sql, table: { schema: access.table.schema, name: access.table.name }, verbs: [verb], hint, equivalent: null })
      const columns = table.columns.filter(({ generated, identity }) => generated === null && !identity).map((column) => column.name)
      return [
        ...verbs.filter((verb) => !access.rights.some((right) => right.verb === verb)).map((verb) => mutant(`${verb} granted`, 'weakening', `grant ${verb} on table ${name} to ${role}`, verb)),
        ...access.rights.filter((right) => right.columns !== null && right.verb !== 'delete').flatMap(({ verb, columns: held }) =>
          columns.filter((column) => !held?.includes(column)).map((column) => mutant(`${verb} of ${column} granted`, 'weakening', `grant ${verb} (${ident(column)}) on table ${name} to ${role}`, verb, `${verb === 'select' ? 'read' : 'set'} ${column}`)),
        ),
        ...access.rights.flatMap(({ verb, columns: held }) =>
          (held ?? [null]).map((column) => mutant(`${verb}${column === null ? '' : ` of ${column}`} taken`, 'restricting', `revoke ${verb}${column === null ? '' : ` (${ident(column)})`} on table ${name} from ${role}`, verb)),
        ),
        mutant('truncate granted', 'weakening', `grant truncate on table ${name} to ${role}`, 'delete', 'truncate'),
        mutant('trigger granted', 'weakening', `grant trigger on table ${name} to ${role}`, 'delete'),
        ...policies.flatMap((policy) => {
          const on = `policy ${ident(policy.name)} on ${name}`
          const verb = policy.command === 'all' ? 'select' : policy.command
          const sides = (['using', 'check'] as const).filter((side) => policy[side] !== null && policy[side] !== 'true')
          return [
            mutant(`${policy.name} dropped`, 'restricting', `drop ${on}`, verb),
            ...(sides.length > 0 ? [mutant(`${policy.name} without its condition`, 'weakening', `alter ${on} ${sides.map((side) => `${side === 'using' ? 'using' : 'with check'} (true)`).join(' ')}`, verb)] : []),
            ...sides.map((side) => mutant(`${policy.name}: ${side} negated`, 'weakening', `alter ${on} ${side === 'using' ? 'using' : 'with check'} (not (${policy[side] ?? ''}))`, verb)),
            mutant(`${policy.name} for authenticated as well`, 'weakening', `alter ${on} to ${role}, authenticated`, verb),
            mutant(`${policy.name} for everybody`, 'weakening', `alter ${on} to public`, verb),
          ]
        }),
      ]
    })
    const elsewhere = tables.filter(({ table }) => !reached.some(({ access }) => qualified(access.table) === qualified(table))).map(({ table }): Mutant => ({ says: `${job.role}: select on ${qualified(table)}`, effect: 'weakening', sql: `grant select on table ${qualified(table)} to ${role}`, table: { schema: table.schema, name: table.name }, verbs: ['select'], hint: null, equivalent: null }))
    const first = reached[0]?.access.table
    const ofRole = (says: string, sql: string): Mutant[] => (first ? [{ says: `${job.role}: ${says}`, effect: 'weakening', sql, table: { schema: first.schema, name: first.name }, verbs: ['select'], hint: null, equivalent: null }] : [])
    return [...onReached, ...elsewhere, ...ofRole('every client may become it', `grant ${role} to authenticated`)]
  })
  return mutants.map((mutant) => ({ ...mutant, of: 'jobs' }))
}
