/** Somebody else than the design says: another role, another column, null taken for equal; policies that speak for more verbs, or for owners and members by the way. */
import type { CatalogPolicy } from '../../design/catalog.ts'
import { type Tenancy, type Verb, verbs } from '../../design/spec.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { partsOf } from '../../sql/predicate-parts.ts'
import type { AppliedTable } from './applied.ts'
import { callerColumn, nullIsEqual, tierMutants } from './leaf-mutants.ts'
import type { Mutant } from './mutant.ts'
import { floorOf, settledByFloor, under } from './under-floor.ts'

type Make = (says: string, effect: Mutant['effect'], sql: string, verbs: readonly Verb[], equivalent?: string | null) => Mutant

/** Faults of one policy in what it compares, and for which verbs it speaks. */
export function scopeMutants(table: AppliedTable, policy: CatalogPolicy, mutant: Make, tenancy: Tenancy): Mutant[] {
  const on = `policy ${ident(policy.name)} on ${qualified(table.name)}`
  const first = policy.command === 'all' ? verbs : [policy.command]
  // The new row of an UPDATE is in the organisation that USING asked about.
  const side = policy.command === 'insert' ? ('check' as const) : ('using' as const)
  const predicate = policy[side]
  if (predicate === null || !policy.permissive) return []
  const altered = ({ predicate: changed, says, effect }: { predicate: string; says: string; effect: Mutant['effect'] }, equivalent: string | null = null) =>
    mutant(`${policy.name}: ${side} ${says}`, effect, `alter ${on} ${side === 'using' ? 'using' : 'with check'} (${changed})`, first, equivalent ?? settledByFloor(side, changed, policy, table))
  return [
    ...(tenancy.model === 'organization' ? tierMutants(predicate, tenancy.roles).map((one) => altered(one)) : []),
    ...comparisons(predicate).flatMap((condition) => [
      ...nullIsEqual(condition).map(({ predicate: loose, column }) => altered({ predicate: replaceAll(predicate, condition, loose), says: `null equal to null in "${condition}"`, effect: 'weakening' }, isNever(table, column) ?? (needsMember(predicate) ? 'whoever has no subject is no member, and only members pass' : null))),
      ...neighbours(table, condition).map((other) => altered({ predicate: replaceAll(predicate, condition, condition.replace(callerColumn(condition) ?? '', () => ident(other))), says: `${other} instead of ${callerColumn(condition) ?? ''}`, effect: 'weakening' })),
    ]),
    ...(policy.command === 'select'
      ? [mutant(`${policy.name}: for all commands`, 'weakening', `drop ${on}; create ${on} as permissive for all to ${policy.roles.join(', ')} using (${predicate})`, ['update', 'delete', 'insert'], allIsGiven(table, policy, predicate))]
      : []),
  ]
}

/** One more policy by the way: for whoever owns the row, and for members of each role. */
export function addedMutants(table: AppliedTable, mutant: Make, tenancy: Tenancy, owner: string | null): Mutant[] {
  const name = qualified(table.name)
  const added = (who: string, predicate: string, known: readonly string[]) =>
    verbs.map((verb) => {
      const clause = verb === 'insert' ? `with check (${predicate})` : `using (${predicate})`
      return mutant(`${name}: one more policy that lets ${who} ${verb}`, 'weakening', `create policy trr_db_mutant on ${name} as permissive for ${verb} to authenticated ${clause}`, [verb], givenAlready(table, verb, known))
    })
  const ofOwner = owner === null ? [] : added('every owner', `${ident(owner)} = (select auth.uid())`, [`${ident(owner)} = ( SELECT auth.uid() AS uid)`])
  const asked = table.policies.flatMap(({ using, check }) => comparisons(using ?? check ?? '')).find((condition) => tier.test(condition))
  if (tenancy.model !== 'organization' || asked === undefined) return ofOwner
  const as = (role: string) => asked.replace(tier, `('${role}'::text)`)
  return [...ofOwner, ...tenancy.roles.flatMap((role, rank) => added(`every ${role}`, as(role), tenancy.roles.slice(0, rank + 1).map(as)))]
}

const tier = /\('[^']+'::text\)/

/** Conditions of a predicate that are neither AND nor OR. */
function comparisons(predicate: string): string[] {
  const taken = partsOf(predicate)
  return taken ? [...new Set(taken.parts.flatMap(comparisons))] : [predicate]
}

function replaceAll(predicate: string, condition: string, changed: string): string {
  return predicate.replaceAll(condition, () => changed)
}

function isNever({ details }: AppliedTable, column: string): string | null {
  return details.some(({ name, notNull }) => name === column && notNull) ? `${column} is never null` : null
}

/** Every way through asks the helper for the caller's memberships. */
function needsMember(predicate: string): boolean {
  const taken = partsOf(predicate)
  if (!taken) return tier.test(predicate)
  return taken.operator === 'and' ? taken.parts.some(needsMember) : taken.parts.every(needsMember)
}

/** Columns of the same type that somebody could take for it: those that name a user or a row as well, at most two. */
function neighbours({ details }: AppliedTable, condition: string): string[] {
  const column = callerColumn(condition)
  const found = details.find(({ name }) => name === column)
  return found ? details.filter(({ name, type }) => name !== found.name && type === found.type).toSorted((left, right) => Number(right.references) - Number(left.references)).slice(0, 2).map(({ name }) => name) : []
}

/** The other commands let the same callers pass already. */
function allIsGiven(table: AppliedTable, { roles }: CatalogPolicy, predicate: string): string | null {
  const taken = partsOf(predicate)
  const known = [predicate, ...(taken?.operator === 'and' ? taken.parts : [])]
  const others = (['insert', 'update', 'delete'] as const).map((verb) => givenAlready(table, verb, known, roles))
  return others.every((reason) => reason !== null) ? 'the policies of the other commands let the same rows pass' : null
}

/** A policy that lets pass whatever meets one of the conditions. */
function givenAlready(table: AppliedTable, verb: Verb, known: readonly string[], roles: readonly string[] = ['authenticated']): string | null {
  const floor = floorOf(table)
  const given = [...known, ...table.always, ...(floor ? [floor.using] : [])]
  const wide = table.policies.find((policy) => policy.permissive && (policy.command === verb || policy.command === 'all') && roles.every((role) => policy.roles.includes(role) || policy.roles.includes('public')) && [policy.using, policy.check].every((side) => side === null || under(given, side) === 'true'))
  return wide ? `${wide.name} lets them ${verb} already` : null
}
