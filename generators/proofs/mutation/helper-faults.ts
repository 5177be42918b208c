/** A helper that asks almost the right thing: another column than the caller's, null taken for equal, two roles in the wrong order. */
import type { Tenancy } from '../../design/spec.ts'
import { ident } from '../../sql/identifier.ts'
import { partsOf } from '../../sql/predicate-parts.ts'
import { type WhereClause, whereClauses } from '../../sql/where-clauses.ts'
import type { AppliedFunction } from './applied.ts'
import { callerColumn, nullIsEqual } from './leaf-mutants.ts'
import type { Mutant } from './mutant.ts'

export interface HelperFault {
  body: string
  says: string
  effect: Mutant['effect']
  equivalent: string | null
}

export function helperFaults(called: AppliedFunction, tenancy: Tenancy, askedFor: readonly string[]): HelperFault[] {
  const { body } = called
  if (body === null) return []
  return [...whereClauses(body).flatMap((clause) => conditionsOf(clause.predicate).flatMap((condition) => ofCaller(called, clause, condition))), ...ofOrder(body, tenancy, askedFor)]
}

/** Conditions that are joined by `and`. */
function conditionsOf(predicate: string): string[] {
  const taken = partsOf(predicate)
  return taken === null ? [predicate] : taken.operator === 'and' ? taken.parts : []
}

function ofCaller({ body: text, reads }: AppliedFunction, { start, end, predicate }: WhereClause, condition: string): HelperFault[] {
  const body = text ?? ''
  const changed = (becomes: string) => `${body.slice(0, start)} ${predicate.replace(condition, () => becomes)} ${body.slice(end)}`
  const found = callerColumn(condition)
  if (found === null || !/\bauth\.uid\(\)/.test(condition)) return []
  const name = found.slice(found.lastIndexOf('.') + 1)
  // As it is written: `membership."user"`.
  const written = condition.slice(0, condition.indexOf(' = '))
  const before = written.slice(0, written.lastIndexOf('.') + 1)
  const column = reads.find((one) => one.name === name)
  const others = column ? reads.filter((one) => one.table === column.table && one.type === column.type && one.name !== name).slice(0, 2) : []
  return [
    ...nullIsEqual(condition).map(({ predicate: loose }): HelperFault => ({
      body: changed(loose), says: `where null equal to null in "${condition}"`, effect: 'weakening',
      equivalent: reads.some((one) => one.name === name) && reads.every((one) => one.name !== name || one.notNull) ? `${name} is never null` : conditionsOf(predicate).some((other) => tier.test(other)) ? 'whoever has no subject is no member, and only members pass' : null,
    })),
    ...others.map(({ name: other }): HelperFault => ({ body: changed(condition.replace(written, () => `${before}${ident(other)}`)), says: `where ${other} instead of ${name}`, effect: 'weakening', equivalent: null })),
  ]
}

/** `org_id = any (array(select private.org_ids('editor')))` */
const tier = /^\S+ = any \(array\(select private\.\w+\('[^']+'\)\)\)$/

/** `array['editor', 'viewer', 'admin']`: what is asked of an editor, a viewer has as well. */
function ofOrder(body: string, tenancy: Tenancy, askedFor: readonly string[]): HelperFault[] {
  const compared = body.split('\n').find((line) => line.split(' >= ').length === 2 && line.split('array_position').length === 3)
  const [, list = ''] = /array\[([^\]]+)\]/.exec(compared ?? '') ?? []
  const roles = list.split(', ')
  if (compared === undefined || tenancy.model !== 'organization') return []
  return roles.slice(1).map((stronger, place): HelperFault => {
    const weaker = roles[place] ?? ''
    const swapped = roles.with(place, stronger).with(place + 1, weaker).join(', ')
    const isAsked = [weaker, stronger].some((role) => askedFor.includes(role.slice(1, -1)))
    return { body: body.replace(compared, () => compared.replaceAll(list, () => swapped)), says: `${weaker} ranks above ${stronger}`, effect: askedFor.includes(stronger.slice(1, -1)) ? 'weakening' : 'restricting', equivalent: isAsked ? null : `nobody asks it for ${weaker} or ${stronger}` }
  })
}
