/** Who passes, in words. */
import { isParent, isRole, isShared } from '../../design/audience-kinds.ts'
import type { Audience, Tenancy, Verb, VerbRule } from '../../design/spec.ts'

/** A rule about own rows and any rows as one phrase. */
export function ruleWords({ own, any }: VerbRule, verb: Verb, tenancy: Tenancy): string {
  const everybody = audienceWords(any, tenancy)
  if (JSON.stringify(own) === JSON.stringify(any)) return everybody
  const mine = audienceWords(own, tenancy)
  if (any !== 'service') return `${everybody}; on own rows ${mine}`
  if (verb === 'insert') return `${mine}, as themselves`
  return own === 'signed_in' ? 'whoever made the row' : `${mine}, own rows only`
}

function audienceWords(audience: Audience, tenancy: Tenancy): string {
  if (isRole(audience)) return roleWords(audience.role, tenancy)
  if (isParent(audience)) return audience.parent === 'owner' ? 'the owner of its parent' : `whoever may ${audience.parent} its parent`
  if (isShared(audience)) return `whoever it is shared with (${audience.shared})`
  return { nobody: 'nobody', service: 'the server', signed_in: 'everybody signed in', anyone: 'everybody', tenant: 'the tenant' }[audience]
}

function roleWords(role: string, tenancy: Tenancy): string {
  const roles = tenancy.model === 'organization' ? tenancy.roles : []
  if (role === roles[0]) return 'every member'
  return role === roles.at(-1) ? role : `${role} and up`
}
