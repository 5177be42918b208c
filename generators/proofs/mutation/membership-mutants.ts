/** Faults of the functions on memberships that no WHERE shows: comparisons, the refusal, the guard of the last holder, the locks. */
import { actionFunction } from '../../design/membership-actions.ts'
import type { Plan } from '../../design/plan.ts'
import { type OrganizationTenancy, type Tenancy, verbs } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { whereClauses } from '../../sql/where-clauses.ts'
import type { Mutant } from './mutant.ts'
import { mutatePredicate } from './predicate-mutants.ts'
import { oneSession } from './structure-mutants.ts'

export async function membershipMutants(session: Session, plan: Plan): Promise<Mutant[]> {
  const { tenancy } = plan.spec
  const guarded = plan.tables.find(({ table }) => table.kind === 'memberships')
  if (tenancy.model !== 'organization' || !tenancy.create || !guarded) return []
  const triggers = guarded.triggers.map(({ function: { schema, name } }) => `${schema}.${name}`)
  const names = plan.functions.filter(({ name, kind }) => (kind === 'trigger' ? triggers.includes(`${name.schema}.${name.name}`) : name.schema === 'private')).map(({ name, argumentTypes }) => `${qualified(name)}(${argumentTypes})`)
  const { rows } = await session.query<{ signature: string; definition: string }>('select signature, pg_get_functiondef(signature::regprocedure) as definition from unnest($1::text[]) as signature order by 1', [names])
  const faults = rows.flatMap(({ signature, definition }) => [
    ...replaced.filter(({ says }) => says !== strongestButOne || tenancy.functions?.managers !== tenancy.roles.at(-1)).flatMap(({ says, from, to, effect = 'weakening', equivalent = null }) =>
      [...definition.matchAll(from)].map((match) => ({ signature, says, effect, equivalent, sql: `${definition.slice(0, match.index)}${match[0].replace(new RegExp(from.source), to)}${definition.slice(match.index + match[0].length)}` })),
    ),
    ...(/check_violation/.test(definition) ? guardFaults(signature, definition) : []),
  ])
  return faults.map(({ signature, says, effect, equivalent, sql }): Mutant => ({ says: `${signature}: ${says}`, effect, sql, table: null, verbs, hint: /\.(.+)\(/.exec(signature)?.[1] ?? null, equivalent: equivalent ?? (ofReach.includes(says) ? allInReach(tenancy) : null) }))
}

/** Of the two ceilings of a change of roles, the one over the role that is there. */
export function settledByReach(mutant: Mutant, tenancy: Tenancy): Mutant {
  const isCeiling = tenancy.model === 'organization' && tenancy.functions && mutant.says.includes(`.${actionFunction('set_role', tenancy).name}(`) && /: where without "array_position\([^"]*, membership\./.test(mutant.says)
  return isCeiling ? { ...mutant, equivalent: mutant.equivalent ?? allInReach(tenancy) } : mutant
}

/** Conditions on a role that every member meets, because there is no other and a check of the table says so. */
export function settledByOneRole(mutant: Mutant, tenancy: Tenancy): Mutant {
  const isOne = tenancy.model === 'organization' && tenancy.create && tenancy.roles.length === 1
  const asksRole = /where (without "(array_position\(array\['[^']+'\], membership\.role::text\) >= array_position|membership\.role = )|weaker roles instead)/.test(mutant.says)
  return isOne && asksRole ? { ...mutant, equivalent: mutant.equivalent ?? 'there is one role, and a check keeps every other out' } : mutant
}

/** Where only the strongest role manages, whoever has a say has it over every role. */
function allInReach({ functions, roles }: OrganizationTenancy): string | null {
  return functions?.managers === roles.at(-1) ? 'only the strongest role manages, and it has a say over every role' : null
}

interface Fault {
  says: string
  from: RegExp
  to: string
  effect?: Mutant['effect']
  equivalent?: string
}

const strongestButOne = 'the strongest but one will do'
const [ownRank, ceiling, ceilingOfInvitation] = ['managers reach their own rank', 'the ceiling is one role higher', 'the ceiling of an invitation is one role higher']
const ofReach = [ownRank, ceiling, ceilingOfInvitation]

/** Each place is a fault of its own. The strongest but one is nobody's manager where the strongest alone is. */
const replaced: Fault[] = [
  { says: ownRank, from: /held\.rank - 1 end/g, to: 'held.rank end' },
  { says: 'managers are one role weaker', from: /held\.rank >= (\d+)/g, to: 'held.rank + 1 >= $1' },
  { says: ceiling, from: / <= \(select (\S+)\)/g, to: ' <= (select $1) + 1' },
  { says: ceilingOfInvitation, from: / <= (private\.\S+\((?:\$1|invitation\.\w+(?:, invitation\.\w+)?)\))/g, to: ' <= $1 + 1' },
  { says: strongestButOne, from: /\(select (\S+)\) = (\d+)/g, to: '(select $1) + 2 >= $2' },
  { says: 'good until the end and at it', from: /expires_at > now\(\)/g, to: 'expires_at >= now()' },
  { says: 'any case of an address is another address', from: /lower\(\$3\)/g, to: '$3', effect: 'restricting' },
  { says: 'never refuses', from: /if result is null then/g, to: 'if false then' },
  { says: 'looks at no role', from: /if old\.\S+ = '[^']*'( and|\n {4}and)/g, to: 'if true and', effect: 'restricting', equivalent: 'an organisation without a holder is refused every change, and the proof has none' },
  { says: 'no lock', from: / for no key update;/g, to: ';', equivalent: oneSession },
  { says: 'no lock of those that count', from: /limit 1 for share/g, to: 'limit 1', equivalent: oneSession },
]

function guardFaults(signature: string, definition: string): { signature: string; says: string; effect: Mutant['effect']; equivalent: null; sql: string }[] {
  // As pg_get_functiondef quotes it.
  const start = definition.indexOf('$function$') + '$function$'.length
  const counted = whereClauses(definition.slice(start, definition.lastIndexOf('$function$'))).filter(({ predicate }) => predicate.includes('membership.')).at(-1)
  const fault = (says: string, sql: string, effect: Mutant['effect'] = 'weakening') => ({ signature, says, effect, equivalent: null, sql })
  return [
    fault('raises nothing', definition.replace('if not found then', 'if false then')),
    ...(counted ? mutatePredicate(counted.predicate).map(({ predicate, says, effect }) => fault(`where ${says}`, `${definition.slice(0, start + counted.start)} ${predicate} ${definition.slice(start + counted.end)}`, effect)) : []),
  ]
}
