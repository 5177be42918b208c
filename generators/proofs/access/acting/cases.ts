/** What is asked of the functions on memberships: every action by every caller on every kind of target. Expected values come from the spec's evaluator. */
import { type MembershipAction, actionsOf } from '../../../design/membership-actions.ts'
import { type ActingCaller, type MembershipRequest, mayAct } from '../../../design/membership-rules.ts'
import type { OrganizationTenancy } from '../../../design/spec.ts'
import type { Identity } from '../identity.ts'
import type { Cast } from './cast.ts'
import { guestAddress, strangerAddress } from './cast.ts'
import { callOf, outcomeOf } from './requests.ts'

export interface Step {
  role: string
  claims: string | null
  sql: string
}

export interface ActingCase {
  /** Whose affair it is: the caller's title. */
  caller: string
  /** The function, or what else is tried. */
  action: MembershipAction | 'without a function' | 'one after another' | 'directly'
  title: string
  steps: Step[]
  expected: string
  /** It must go through; everything else must be refused as it says. */
  done: boolean
  /** One that stands for others of its kind: enough for the pgTAP file. */
  telling: boolean
}

export interface Caller {
  identity: Identity
  caller: ActingCaller
}

export function actionCases(tenancy: OrganizationTenancy, cast: Cast): ActingCase[] {
  return cast.callers.flatMap((caller) => actionsOf(tenancy).flatMap((action) => casesOf(action, caller, tenancy, cast)))
}

/** A single call, with what the evaluator says of it. */
export function caseOf({ identity, caller }: Caller, title: string, request: MembershipRequest, tenancy: OrganizationTenancy, cast: Cast): ActingCase {
  const result = mayAct(request, caller, cast.state, tenancy)
  return {
    caller: identity.title,
    action: request.action,
    title,
    steps: [stepOf(identity, callOf(request, tenancy))],
    expected: outcomeOf(request.action, result, cast.state, { tenancy, titles: cast.titles }),
    done: result.verdict === 'done',
    telling: false,
  }
}

export function stepOf(identity: Identity, sql: string): Step {
  return { role: identity.caller.role, claims: identity.claims, sql }
}

function casesOf(action: MembershipAction, caller: Caller, tenancy: OrganizationTenancy, cast: Cast): ActingCase[] {
  const made = asked(action, caller, tenancy, cast).map(({ title, request }) => caseOf(caller, title, request, tenancy, cast))
  // The first that is refused in each way, and all of those who get far; whatever goes through is told in any case.
  const getsFar = ['guest', tenancy.roles.at(-1), tenancy.functions?.managers].includes(caller.identity.id)
  const seen = new Set<string>()
  return made.map((one) => {
    const telling = one.done || getsFar || !seen.has(one.expected)
    seen.add(one.expected)
    return { ...one, telling }
  })
}

interface Asked {
  title: string
  request: MembershipRequest
}

function asked(action: MembershipAction, { identity, caller }: Caller, tenancy: OrganizationTenancy, { organizations, state, peers, people, titles }: Cast): Asked[] {
  const { roles } = tenancy
  const [weakest = '', strongest = ''] = [roles[0], roles.at(-1)]
  const own = caller.userId ?? people.guest.caller.userId ?? ''
  const { a, b, d, closed, nowhere } = organizations
  const places = [a, b, d, ...(closed === null ? [] : [closed]), nowhere]
  const nameOf = (place: string) => (place === nowhere ? 'one that does not exist' : (titles.get(place) ?? ''))
  const memberOf = (place: string) => state.members.find((one) => one.organization === place && one.user !== own)?.user ?? peers[0]?.user ?? ''
  const targets = [...peers.map(({ user, role }) => ({ user, title: `the other ${role}` })), { user: own, title: 'themselves' }, { user: people.guest.caller.userId ?? '', title: 'somebody who is no member' }]
  const elsewhere = places.filter((place) => place !== a).map((place) => ({ place, user: memberOf(place), title: `a member of ${nameOf(place)}` }))
  switch (action) {
    case 'create':
      return [{ title: 'a new one', request: { action, organization: 'new' } }]
    case 'leave':
    case 'delete':
      return places.map((organization) => ({ title: nameOf(organization), request: { action, organization } }))
    case 'remove':
    case 'transfer':
      return [
        ...targets.map(({ user, title }) => ({ title: `${title}, in A`, request: { action, organization: a, user } })),
        ...elsewhere.map(({ place, user, title }) => ({ title, request: { action, organization: place, user } })),
      ]
    case 'set_role':
      return [
        ...targets.flatMap(({ user, title }) => roles.map((role) => ({ title: `${title}, in A, becomes ${role}`, request: { action, organization: a, user, role } }))),
        ...elsewhere.map(({ place, user, title }) => ({ title: `${title} becomes ${weakest}`, request: { action, organization: place, user, role: weakest } })),
        { title: 'a role that is none', request: { action, organization: a, user: peers[0]?.user ?? '', role: 'no role' } },
      ]
    case 'invite':
      return [
        ...roles.map((role) => ({ title: `an address to A as ${role}`, request: invitation(a, role, strangerAddress, null) })),
        { title: `a user to A as ${weakest}`, request: invitation(a, weakest, null, people.sole.caller.userId) },
        { title: `whoever holds the token to A as ${weakest}`, request: invitation(a, weakest, null, null) },
        { title: `themselves to A as ${strongest}`, request: invitation(a, strongest, null, caller.userId) },
        { title: `an address that is invited already to A as ${weakest}`, request: invitation(a, weakest, guestAddress, null) },
        ...elsewhere.map(({ place }) => ({ title: `an address to ${nameOf(place)} as ${weakest}`, request: invitation(place, weakest, 'Another@People.example', null) })),
      ]
    case 'accept':
      return [...state.invitations.map(({ id, token }) => ({ title: `the invitation ${titles.get(id)}`, request: { action, token } })), { title: 'a token that is none', request: { action, token: `token of ${identity.id}` } }]
    case 'revoke':
      return [...state.invitations.map(({ id }) => ({ title: `the invitation ${titles.get(id)}`, request: { action, invitation: id } })), { title: 'an invitation that is none', request: { action, invitation: people.guest.caller.userId ?? '' } }]
  }
}

function invitation(organization: string, role: string, email: string | null, user: string | null): MembershipRequest {
  return { action: 'invite', organization, role, email, user, invitation: 'new', token: 'new' }
}
