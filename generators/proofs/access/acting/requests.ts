/** A request of the model as the call that a client sends, and its state as the lines that the database prints. */
import { actionFunction, lastHolderMessage, refusal } from '../../../design/membership-actions.ts'
import type { MembershipRequest, MembershipState, Result } from '../../../design/membership-rules.ts'
import type { OrganizationTenancy } from '../../../design/spec.ts'
import { qualified } from '../../../sql/identifier.ts'
import { literal } from '../../../sql/literal.ts'
import { outcomes } from './script.ts'

/** Stands for the answer of the step before. */
export const issuedToken = '$1'

export function callOf(request: MembershipRequest, tenancy: OrganizationTenancy): string {
  const organization = (value: string) => `${literal(value)}::${tenancy.type}`
  const user = (value: string | null) => (value === null ? 'null' : `${literal(value)}::uuid`)
  const call = (...parameters: string[]) => `select ${qualified(actionFunction(request.action, tenancy))}(${parameters.join(', ')})`
  switch (request.action) {
    case 'create':
      return call(literal('New'), literal('acting-new'))
    case 'invite':
      return call(organization(request.organization), literal(request.role), request.email === null ? 'null' : literal(request.email), user(request.user))
    case 'accept':
      return call(request.token === issuedToken ? issuedToken : literal(request.token))
    case 'revoke':
      return call(user(request.invitation))
    case 'set_role':
      return call(organization(request.organization), user(request.user), literal(request.role))
    case 'remove':
    case 'transfer':
      return call(organization(request.organization), user(request.user))
    case 'leave':
    case 'delete':
      return call(organization(request.organization))
  }
}

export interface Naming {
  tenancy: OrganizationTenancy
  titles: ReadonlyMap<string, string>
}

/** What `pg_temp.acted` must answer. */
export function outcomeOf(action: MembershipRequest['action'], { verdict, after }: Result, before: MembershipState, naming: Naming): string {
  switch (verdict) {
    case 'done':
      return changes(before, after, naming)
    case 'not callable':
      return outcomes.notCallable
    case 'refused':
      return refusal(action, naming.tenancy)
    case 'last holder':
      return lastHolderMessage(naming.tenancy)
    case 'double':
      return '23505'
  }
}

export function changes(before: MembershipState, after: MembershipState, naming: Naming): string {
  const [old, now] = [linesOf(before, naming), linesOf(after, naming)]
  const list = [...without(now, old).map((line) => `+ ${line}`), ...without(old, now).map((line) => `- ${line}`)]
  return list.length === 0 ? outcomes.nothing : list.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))).join('; ')
}

function linesOf({ organizations, members, invitations }: MembershipState, { titles }: Naming): string[] {
  const place = (id: string) => titles.get(id) ?? 'a new one'
  return [
    ...organizations.map(({ id, deleted }) => `${place(id)} is ${deleted ? 'deleted' : 'open'}`),
    ...members.map(({ organization, user, role }) => `${titles.get(user) ?? 'somebody'} is ${role} in ${place(organization)}`),
    ...invitations.map(({ id, organization, role, email, user, inviter, expired }) => {
      const invited = email ?? (user === null ? 'whoever' : (titles.get(user) ?? 'whoever'))
      const end = id.startsWith('new') ? ' from now' : expired ? ', expired' : ''
      return `${invited} is invited to ${place(organization)} as ${role} by ${inviter === null ? 'the service' : (titles.get(inviter) ?? '')}${end}`
    }),
  ]
}

/** As EXCEPT ALL does it. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others]
  return lines.filter((line) => {
    const place = left.indexOf(line)
    if (place === -1) return true
    left.splice(place, 1)
    return false
  })
}
