/** More people for the functions on memberships: a peer of each role, an organisation with one holder, invitations of every kind. */
import type { ActingCaller, Invitation, MembershipState } from '../../../design/membership-rules.ts'
import { invitationColumns } from '../../../design/reading/tenancy/invitation-tables.ts'
import type { OrganizationTenancy } from '../../../design/spec.ts'
import { ident, qualified } from '../../../sql/identifier.ts'
import { literal } from '../../../sql/literal.ts'
import { type Fixtures, isOpen } from '../../fixtures/fixtures.ts'
import { seededUuid } from '../../fixtures/seeded.ts'
import { type Identity, signedIn } from '../identity.ts'
import { type World, users } from '../world.ts'

export interface Cast {
  callers: { identity: Identity; caller: ActingCaller }[]
  state: MembershipState
  /** Ids of people, organisations and invitations → what they are called. */
  titles: Map<string, string>
  people: Record<'sole' | 'guest' | 'unconfirmed', Identity>
  peers: { role: string; user: string }[]
  organizations: Record<'a' | 'b' | 'd' | 'nowhere', string> & { closed: string | null }
  /** Inserts all of it on top of the world. */
  script: string
  open: string[]
}

export const guestAddress = 'guest@people.example'
/** Invited to B. Which is nothing that those of A could find out by inviting them as well. */
export const strangerAddress = 'New@People.example'
const unconfirmedAddress = 'unconfirmed@people.example'

/** The world's people are in the database of `fixtures`; what is made here is given as SQL as well. */
export async function createCast(fixtures: Fixtures, tenancy: OrganizationTenancy, world: World): Promise<Cast> {
  const open: string[] = []
  const person = async (id: string, more: Record<string, unknown> = {}) => {
    const row = await fixtures.row(users, { given: { id: seededUuid(`acting ${id}`), ...more } })
    if (isOpen(row)) open.push(row.open)
    return seededUuid(`acting ${id}`)
  }
  const [weakest = '', strongest = ''] = [tenancy.roles[0], tenancy.roles.at(-1)]
  const key = (id: string) => world.tenants.find((tenant) => tenant.id === id)?.key ?? null
  const isUuid = tenancy.type === 'uuid'
  const organizations = { a: key('a') ?? '', b: key('b') ?? '', closed: key('closed'), d: isUuid ? seededUuid('acting D') : '880001', nowhere: isUuid ? seededUuid('acting nowhere') : '880002' }
  const sole = signedIn({ id: 'sole', title: `the only ${strongest} of D`, userId: await person('sole') })
  const guest = signedIn({ id: 'guest', title: 'a guest with a confirmed address', userId: await person('guest', { email: guestAddress, email_confirmed_at: '2024-01-01' }) })
  const unconfirmed = signedIn({ id: 'unconfirmed', title: 'a guest whose address is not confirmed', userId: await person('unconfirmed', { email: unconfirmedAddress, email_confirmed_at: null }) })
  const peers: Cast['peers'] = []
  for (const role of tenancy.roles) peers.push({ role, user: await person(`peer ${role}`) })
  const peerOf = (role: string) => peers.find((peer) => peer.role === role)?.user ?? ''
  const joined = [
    ...peers.map(({ role, user }) => ({ organization: organizations.a, user, role, active: true })),
    { organization: organizations.d, user: sole.caller.userId ?? '', role: strongest, active: true },
    ...(weakest === strongest ? [] : [{ organization: organizations.d, user: peerOf(weakest), role: weakest, active: true }]),
  ]
  // Somebody with several tokens is one person.
  const people = world.identities.filter(({ caller }, place, all) => caller.userId !== null && all.findIndex((one) => one.caller.userId === caller.userId) === place)
  const state: MembershipState = {
    organizations: [...world.tenants.map(({ key: id, deleted }) => ({ id, deleted })), { id: organizations.d, deleted: false }],
    members: [...people.flatMap(({ caller: { userId, memberships } }) => memberships.map((one) => ({ ...one, user: userId ?? '' }))), ...joined],
    invitations: [],
  }
  const titles = new Map<string, string>([
    ...[...people, sole, guest, unconfirmed].flatMap(({ title, caller }): [string, string][] => (caller.userId === null ? [] : [[caller.userId, title]])),
    ...peers.map(({ role, user }): [string, string] => [user, `the other ${role} of A`]),
    ...world.tenants.map(({ key: id, title }): [string, string] => [id, title]),
    [organizations.d, 'D'],
  ])
  if (tenancy.functions?.invitations)
    for (const { title, ...invitation } of invitations({ tenancy, world, organizations, guest: guest.caller.userId ?? '', peerOf, sole: sole.caller.userId ?? '' })) {
      state.invitations.push(invitation)
      titles.set(invitation.id, title)
    }
  const confirmed = new Map<string | null, string>([[guest.caller.userId, guestAddress], ...(world.addresses ?? []).filter((one) => one.confirmed).map(({ userId, email }): [string, string] => [userId, email])])
  const callers = [...world.identities, sole, guest, unconfirmed].map((identity) => ({ identity, caller: { ...identity.caller, email: confirmed.get(identity.caller.userId) ?? null } }))
  return { callers, state, titles, people: { sole, guest, unconfirmed }, peers, organizations, script: [...fixtures.takeStatements(), ...inserts(tenancy, state, joined, organizations.d)].join(';\n'), open }
}

interface Parts {
  tenancy: OrganizationTenancy
  world: World
  organizations: Cast['organizations']
  guest: string
  sole: string
  peerOf(role: string): string
}

/** Each differs in one thing from an invitation that is good. */
function invitations({ tenancy, world, organizations, guest, sole, peerOf }: Parts): (Invitation & { title: string })[] {
  const { roles, functions } = tenancy
  const [weakest = '', strongest = '', managers = ''] = [roles[0], roles.at(-1), functions?.managers]
  const removed = world.identities.find(({ id }) => id === 'removed')?.caller.userId ?? null
  const by = { inviter: peerOf(strongest), email: null, user: null, role: weakest, organization: organizations.a, expired: false }
  const kinds: [string, string, Partial<Invitation>][] = [
    ['address', "of the guest's address to A", { email: guestAddress }],
    ['user', 'of the guest to A', { user: guest }],
    ['anybody', 'of whoever holds it to A', {}],
    ['unconfirmed', 'of an unconfirmed address to A', { email: unconfirmedAddress }],
    ['expired', 'of whoever holds it to D that has just expired', { organization: organizations.d, inviter: sole, expired: true }],
    ['strongest', `as ${strongest} to A, by the service`, { role: strongest, inviter: null }],
    ['elsewhere', 'of whoever holds it to B', { organization: organizations.b, inviter: null }],
    ['address elsewhere', 'of an address to B', { organization: organizations.b, email: strangerAddress.toLowerCase(), inviter: null }],
    ['user elsewhere', `of the only ${strongest} of D to B`, { organization: organizations.b, user: sole, inviter: null }],
    ['removed', 'by somebody who was removed from A', { inviter: removed }],
    ...(roles.length > 1 ? ([['weak', 'by a member who may not invite any more', { inviter: peerOf(weakest) }]] satisfies [string, string, Partial<Invitation>][]) : []),
    ...(managers === strongest ? [] : ([['peer', `as ${managers}, by somebody who has no say over that role any more`, { role: managers, inviter: peerOf(managers) }]] satisfies [string, string, Partial<Invitation>][])),
    ...(organizations.closed === null ? [] : ([['closed', 'to a deleted organisation', { organization: organizations.closed, inviter: null }]] satisfies [string, string, Partial<Invitation>][])),
  ]
  return kinds.map(([id, title, more]) => ({ ...by, ...more, id: seededUuid(`acting invitation ${id}`), token: `token ${id}`, title }))
}

function inserts(tenancy: OrganizationTenancy, state: MembershipState, joined: MembershipState['members'], d: string): string[] {
  const { organizations, organizationKey, memberships, type, functions } = tenancy
  const key = (value: string) => `${literal(value)}::${type}`
  const user = (value: string | null) => (value === null ? 'null' : `${literal(value)}::uuid`)
  const columns = invitationColumns(tenancy)
  const organization = ident(memberships.organization)
  const overriding = type === 'uuid' ? '' : ' overriding system value'
  return [
    `insert into ${qualified(organizations)} (${ident(organizationKey)}, name, slug)${overriding} values (${key(d)}, 'D', 'acting-d')`,
    `insert into ${qualified(memberships.table)} (${organization}, ${ident(memberships.user)}, ${ident(columns.role)}) values ${joined.map((one) => `(${key(one.organization)}, ${user(one.user)}, ${literal(one.role)})`).join(', ')}`,
    ...(functions?.invitations && state.invitations.length > 0
      ? [
          // Others may be open already, for the same people.
          `delete from ${qualified(functions.invitations.table)}`,
          `insert into ${qualified(functions.invitations.table)} (id, ${organization}, ${ident(columns.role)}, ${ident(columns.email)}, ${ident(columns.user)}, ${ident(columns.inviter)}, ${ident(columns.expires)}) values ${state.invitations
            // An end that is now is past: the boundary itself is asked.
            .map((one) => `(${user(one.id)}, ${key(one.organization)}, ${literal(one.role)}, ${one.email === null ? 'null' : literal(one.email)}, ${user(one.user)}, ${user(one.inviter)}, ${one.expired ? 'now()' : "now() + interval '1 second'"})`)
            .join(', ')}`,
          `insert into ${qualified(functions.invitations.tokens)} (invitation_id, token_hash) values ${state.invitations.map((one) => `(${user(one.id)}, encode(sha256(${literal(one.token)}), 'hex'))`).join(', ')}`,
        ]
      : []),
  ]
}
