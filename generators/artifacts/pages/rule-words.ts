/** A verb's rule in the words of the patterns. */
import type { Audience, TableSpec, Tenancy, Verb, VerbRule } from '../../design/spec.ts'
import { patternFor } from '../../patterns/index.ts'
import { ownerInWords } from '../../patterns/owner.ts'

/** `the owner, while among members who are at least editor; members who are at least admin`. */
export function ruleInWords(table: TableSpec, tenancy: Tenancy, verb: Verb): string {
  const rule = table.access[verb]
  const says = (audience: Audience) => patternFor(audience, tenancy).says(audience, table)
  if (isClosed(rule.own) || JSON.stringify(rule.own) === JSON.stringify(rule.any) || rule.any === 'anyone') return says(rule.any)
  const owner = verb === 'insert' ? `${says(rule.own)}, for themselves` : rule.own === 'signed_in' || rule.own === 'anyone' ? ownerInWords(table) : `${ownerInWords(table)}, while among ${says(rule.own)}`
  return isClosed(rule.any) ? owner : `${owner}; ${says(rule.any)}`
}

/** True when no client passes. */
export function isServiceOnly(rule: VerbRule): boolean {
  return [rule.own, rule.any].every(isClosed)
}

/** True when being signed in matters. */
export function isForSignedIn(rule: VerbRule): boolean {
  return [rule.own, rule.any].some((audience) => typeof audience === 'object' || audience === 'signed_in' || audience === 'tenant')
}

function isClosed(audience: Audience): boolean {
  return audience === 'service' || audience === 'nobody'
}
