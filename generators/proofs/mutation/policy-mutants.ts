import type { CatalogPolicy } from '../../design/catalog.ts'
import type { Plan } from '../../design/plan.ts'
import { type Verb, verbs } from '../../design/spec.ts'
import { parseExpression } from '../../sql/expression.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { partsOf, withoutBrackets } from '../../sql/predicate-parts.ts'
import type { AppliedTable } from './applied.ts'
import type { Mutant } from './mutant.ts'
import { mutatePredicate } from './predicate-mutants.ts'
import { addedMutants, scopeMutants } from './scope-mutants.ts'
import { floorOf, settledByAlways, settledByFloor, under } from './under-floor.ts'

/** Policies lost, loosened, turned round, spoken to others, added; row level security switched off. */
export function policyMutants(table: AppliedTable, { spec: { tenancy, tables } }: Pick<Plan, 'spec'>): Mutant[] {
  const name = qualified(table.name)
  const mutant = (says: string, effect: Mutant['effect'], sql: string, verbs: readonly Verb[], equivalent: string | null = null): Mutant => ({ says, effect, sql, table: table.name, verbs, hint: null, equivalent })
  return [
    mutant(`${name}: row level security off`, 'weakening', `alter table ${name} disable row level security`, ['select']),
    ...table.policies.flatMap((policy) => [...ofPolicy(table, policy, mutant), ...scopeMutants(table, policy, mutant, tenancy)]),
    ...(['select', 'insert', 'update', 'delete'] as const).map((verb) =>
      mutant(`${name}: one more policy that lets every signed-in caller ${verb}`, 'weakening', `create policy trr_db_mutant on ${name} as permissive for ${verb} to authenticated ${clauses(verb, 'true', 'true')}`, [verb], letsAll(table, verb)),
    ),
    ...addedMutants(table, mutant, tenancy, tables.find(({ schema, name: one }) => schema === table.name.schema && one === table.name.name)?.ownerColumn ?? null),
    mutant(`${name}: one more policy for everything and everybody`, 'weakening', `create policy trr_db_mutant on ${name} as permissive for all to public using (true) with check (true)`, ['select']),
    mutant(`${name}: a restrictive policy that lets nothing pass`, 'restricting', `create policy trr_db_mutant on ${name} as restrictive for all to public using (false)`, ['select'], table.policies.every(({ permissive }) => !permissive) ? 'no policy lets any client pass, and the service is not asked' : null),
  ]
}

/** A policy of the design that has no condition already. */
function letsAll(table: AppliedTable, verb: Verb): string | null {
  const floor = floorOf(table)
  const isOpen = (side: string | null) => side === null || under([...table.always, ...(floor ? [floor.using] : [])], side) === 'true'
  const open = table.policies.find(({ command, permissive, roles, using, check }) => command === verb && permissive && (roles.includes('authenticated') || roles.includes('public')) && [using, check].every(isOpen))
  return open ? `${open.name} lets every signed-in caller ${verb}${floor ? ` whom ${floor.name} lets through` : ''}` : null
}

type Make = (says: string, effect: Mutant['effect'], sql: string, verbs: readonly Verb[], equivalent?: string | null) => Mutant

function ofPolicy(table: AppliedTable, policy: CatalogPolicy, mutant: Make): Mutant[] {
  const on = `policy ${ident(policy.name)} on ${qualified(table.name)}`
  const first = policy.command === 'all' ? verbs : [policy.command]
  const alter = (clause: string) => `alter ${on} ${clause}`
  const sides = (['using', 'check'] as const).filter((side) => policy[side] !== null)
  const clause = (side: 'using' | 'check', predicate: string) => `${side === 'using' ? 'using' : 'with check'} (${predicate})`
  const wider = (['anon', 'authenticated'] as const).filter((role) => !policy.roles.includes(role) && !policy.roles.includes('public'))
  return [
    mutant(`${policy.name}: dropped`, policy.permissive ? 'restricting' : 'weakening', `drop ${on}`, first),
    ...sides.flatMap((side) =>
      mutatePredicate(policy[side] ?? '')
        .filter(({ predicate }) => withoutBrackets(predicate) !== withoutBrackets(policy[side] ?? ''))
        .map(({ predicate, says, effect, dropped }) => mutant(`${policy.name}: ${side} ${says}`, effect, alter(clause(side, predicate)), first, settledByFloor(side, predicate, policy, table) ?? settledByAlways(side, predicate, policy, table) ?? (side === 'check' && dropped !== null ? settledByUsing(dropped, policy) : null))),
    ),
    ...(sides.length === 2 ? [mutant(`${policy.name}: using true with check true`, 'weakening', alter('using (true) with check (true)'), first, sides.map((side) => settledByFloor(side, 'true', policy, table)).reduce((all, one) => all && one))] : []),
    ...wider.map((role) => mutant(`${policy.name}: for ${role} as well`, policy.permissive ? 'weakening' : 'restricting', alter(`to ${[...policy.roles, role].join(', ')}`), first, policy.permissive ? null : stopsNobody(table, role))),
    ...(policy.roles.includes('public') ? [] : [mutant(`${policy.name}: for public`, policy.permissive ? 'weakening' : 'restricting', alter('to public'), first, wider.length === 0 ? 'it is for both client roles already, and no other role holds rights on the table' : policy.permissive ? null : stopsNobody(table, ...wider))]),
    ...policy.roles.map((role) => mutant(`${policy.name}: not for ${role}`, policy.permissive ? 'restricting' : 'weakening', alter(`to ${policy.roles.length > 1 ? policy.roles.filter((other) => other !== role).join(', ') : 'service_role'}`), first)),
    mutant(
      `${policy.name}: ${policy.permissive ? 'restrictive' : 'permissive'}`,
      policy.permissive ? 'restricting' : 'weakening',
      `drop ${on}; create ${on} as ${policy.permissive ? 'restrictive' : 'permissive'} for ${policy.command} to ${policy.roles.join(', ')} ${clauses(policy.command, policy.using ?? 'true', policy.check ?? policy.using ?? 'true')}`,
      first,
    ),
  ]
}

function clauses(command: Verb | 'all', using: string, check: string): string {
  return [...(command === 'insert' ? [] : [`using (${using})`]), ...(command === 'select' || command === 'delete' ? [] : [`with check (${check})`])].join(' ')
}

/** A restrictive policy stops only those who have a right to begin with. */
function stopsNobody({ rights }: AppliedTable, ...roles: string[]): string | null {
  return rights.some(({ role }) => roles.includes(role) || role === 'public') ? null : `it is restrictive, and ${roles.join(' and ')} has no right on the table`
}

/** WITH CHECK is asked only for rows that USING let through, and a condition that reads no column is the same for both. */
function settledByUsing(condition: string, policy: CatalogPolicy): string | null {
  if (policy.command !== 'update' || policy.using === null || parseExpression(condition).columns.length > 0) return null
  const using = partsOf(policy.using)
  const stands = using?.operator === 'and' && using.parts.includes(condition)
  return stands ? 'USING has the same condition, it reads no column of the row, and WITH CHECK is asked only where USING passed' : null
}
