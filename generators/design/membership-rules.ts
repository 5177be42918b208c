/**
 * What each action on memberships must come to, for every caller, target and state of the organisation, decided from the
 * spec alone. It sees no SQL, so it can be held against what a database does.
 */
import type { Caller } from './access.ts'
import { actionsOf, rankOf } from './membership-actions.ts'
import type { OrganizationTenancy } from './spec.ts'

export interface MembershipState {
  organizations: { id: string; deleted: boolean }[]
  members: { organization: string; user: string; role: string; active: boolean }[]
  invitations: Invitation[]
}

export interface Invitation {
  id: string
  organization: string
  role: string
  /** Bound to an address, to a user, or to nobody. */
  email: string | null
  user: string | null
  /** Null when the service wrote it. */
  inviter: string | null
  expired: boolean
  token: string
}

/** Somebody who calls a function: what counts of their token, and the address that their account has confirmed. */
export interface ActingCaller extends Pick<Caller, 'role' | 'userId' | 'anonymous'> {
  email: string | null
}

export type MembershipRequest =
  | { action: 'create'; organization: string }
  | { action: 'invite'; organization: string; role: string; email: string | null; user: string | null; invitation: string; token: string }
  | { action: 'accept'; token: string }
  | { action: 'revoke'; invitation: string }
  | { action: 'set_role'; organization: string; user: string; role: string }
  | { action: 'remove' | 'transfer'; organization: string; user: string }
  | { action: 'leave' | 'delete'; organization: string }

/**
 * `not callable`: no right to call at all · `refused`: not allowed or not there, which must look the same ·
 * `last holder`: allowed, but nobody would hold the strongest role any more · `double`: an invitation for the same person is open.
 */
export type Verdict = 'done' | 'not callable' | 'refused' | 'last holder' | 'double'

export interface Result {
  verdict: Verdict
  after: MembershipState
}

/** The rule of an action, and the state behind it. */
export function mayAct(request: MembershipRequest, caller: ActingCaller, state: MembershipState, tenancy: OrganizationTenancy): Result {
  if (caller.role !== 'authenticated' || !actionsOf(tenancy).includes(request.action)) return { verdict: 'not callable', after: state }
  const after = caller.userId === null || caller.anonymous ? null : effect(request, { ...caller, userId: caller.userId }, state, tenancy)
  if (after === null) return { verdict: 'refused', after: state }
  if (after === 'double') return { verdict: 'double', after: state }
  return leavesNobody(state, after, tenancy) ? { verdict: 'last holder', after: state } : { verdict: 'done', after }
}

type User = ActingCaller & { userId: string }

/** Null: refused. */
function effect(request: MembershipRequest, caller: User, state: MembershipState, tenancy: OrganizationTenancy): MembershipState | 'double' | null {
  const strongest = tenancy.roles.length
  const member = (organization: string, user: string) => state.members.find((one) => one.organization === organization && one.user === user)
  /** The strongest rank that the caller has a say over. */
  const reach = (organization: string) => reachOf(caller.userId, organization, state, tenancy)
  const covers = (organization: string, role: string) => (rankOf(tenancy, role) ?? Infinity) <= reach(organization)
  switch (request.action) {
    case 'create':
      return {
        ...state,
        organizations: [...state.organizations, { id: request.organization, deleted: false }],
        members: [...state.members, { organization: request.organization, user: caller.userId, role: tenancy.roles.at(-1) ?? '', active: true }],
      }
    case 'invite': {
      const { organization, role, user, invitation: id, token } = request
      const email = request.email?.toLowerCase() ?? null
      if (!covers(organization, role)) return null
      if (state.invitations.some((one) => one.organization === organization && ((email !== null && one.email === email) || (user !== null && one.user === user)))) return 'double'
      return { ...state, invitations: [...state.invitations, { id, organization, role, email, user, inviter: caller.userId, expired: false, token }] }
    }
    case 'accept': {
      const found = state.invitations.find(({ token }) => token === request.token)
      if (!found || !isGoodFor(found, caller, state, tenancy)) return null
      return {
        ...state,
        invitations: state.invitations.filter((one) => one !== found),
        members: [...state.members, { organization: found.organization, user: caller.userId, role: found.role, active: true }],
      }
    }
    case 'revoke': {
      const found = state.invitations.find(({ id }) => id === request.invitation)
      return found && covers(found.organization, found.role) ? { ...state, invitations: state.invitations.filter((one) => one !== found) } : null
    }
    case 'set_role': {
      const { organization, user, role } = request
      const target = member(organization, user)
      if (!target || user === caller.userId || !covers(organization, target.role) || !covers(organization, role)) return null
      return { ...state, members: state.members.map((one) => (one === target ? { ...one, role } : one)) }
    }
    case 'remove': {
      const target = member(request.organization, request.user)
      if (!target || request.user === caller.userId || !covers(request.organization, target.role)) return null
      return { ...state, members: state.members.filter((one) => one !== target) }
    }
    case 'leave': {
      const own = activeMember(caller.userId, request.organization, state)
      return own ? { ...state, members: state.members.filter((one) => one !== own) } : null
    }
    case 'transfer': {
      const { organization, user } = request
      const own = activeMember(caller.userId, organization, state)
      const heir = activeMember(user, organization, state)
      if (!own || !heir || heir === own || reach(organization) < strongest) return null
      const roleOf = (one: typeof own) => (one === heir ? tenancy.roles.at(-1) : one === own ? tenancy.roles.at(-2) : undefined) ?? one.role
      return { ...state, members: state.members.map((one) => ({ ...one, role: roleOf(one) })) }
    }
    case 'delete':
      return reach(request.organization) < strongest ? null : { ...state, organizations: state.organizations.map((one) => (one.id === request.organization ? { ...one, deleted: true } : one)) }
  }
}

/** Managers reach the ranks below their own, the strongest role its own as well; -1 for everybody else. */
function reachOf(user: string, organization: string, state: MembershipState, tenancy: OrganizationTenancy): number {
  const rank = rankOf(tenancy, activeMember(user, organization, state)?.role ?? '')
  const managers = rankOf(tenancy, tenancy.functions?.managers ?? '') ?? Infinity
  if (rank === null || rank < managers) return -1
  return rank === tenancy.roles.length ? rank : rank - 1
}

function activeMember(user: string, organization: string, state: MembershipState): MembershipState['members'][number] | undefined {
  const isOpen = state.organizations.some(({ id, deleted }) => id === organization && !deleted)
  return isOpen ? state.members.find((one) => one.organization === organization && one.user === user && one.active) : undefined
}

/** An invitation is worth what its inviter could still give, and nothing to somebody who is a member already. */
function isGoodFor(invitation: Invitation, caller: User, state: MembershipState, tenancy: OrganizationTenancy): boolean {
  const { organization, role, email, user, inviter, expired } = invitation
  const isOpen = state.organizations.some(({ id, deleted }) => id === organization && !deleted)
  const isMember = state.members.some((one) => one.organization === organization && one.user === caller.userId)
  const isTheirs = (user === null || user === caller.userId) && (email === null || email === caller.email)
  const stands = inviter === null || (rankOf(tenancy, role) ?? Infinity) <= reachOf(inviter, organization, state, tenancy)
  return isOpen && !isMember && isTheirs && !expired && stands
}

/** An organisation that is open and had a holder of the strongest role keeps one. */
function leavesNobody(before: MembershipState, after: MembershipState, { roles }: OrganizationTenancy): boolean {
  const holders = (state: MembershipState, organization: string) => state.members.filter((one) => one.organization === organization && one.active && one.role === roles.at(-1)).length
  return after.organizations.some(({ id, deleted }) => !deleted && holders(before, id) > 0 && holders(after, id) === 0)
}
