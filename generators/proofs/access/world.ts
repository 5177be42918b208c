/** The people of the proof: who belongs where, with users, organisations and memberships in the database. */
import { withArticle } from '../../design/with-article.ts'
import type { OrganizationTenancy, Spec, TableSpec } from '../../design/spec.ts'
import { type Fixtures, type Open, type Row, isOpen } from '../fixtures/fixtures.ts'
import { seededUuid } from '../fixtures/seeded.ts'
import { type Identity, impersonal, service, signedIn } from './identity.ts'
import { deletedStates, hasOneRowEach, hiddenStates } from './row-states.ts'
import { withSecondFactor } from './second-factor.ts'

export interface World {
  identities: Identity[]
  /** Tenants that rows are made for. */
  tenants: { id: string; title: string; key: string; deleted: boolean }[]
  /** Identities that own rows, with the tenant that their rows are in. */
  owners: { identity: Identity; tenant: string | null }[]
  /** Addresses of accounts, where rows may be addressed to them. */
  addresses?: { email: string; title: string; userId: string; confirmed: boolean }[]
  /** What could not be made. */
  open: string[]
}

export const users = { schema: 'auth', name: 'users' }

/** Inserts the people. Deterministic: the same spec gives the same keys. */
export async function createWorld(fixtures: Fixtures, spec: Spec): Promise<World> {
  const { tenancy } = spec
  const asksSecondFactor = spec.tables.some(({ access }) => access.mfa.length > 0)
  const ask = (world: World, personId: string) => (asksSecondFactor ? withSecondFactor(world, personId) : world)
  if (tenancy.model === 'organization') return ask(await organizationWorld(fixtures, tenancy), tenancy.roles.at(-1) ?? '')
  return tenancy.model === 'tenant_column' ? ask(await claimWorld(fixtures, tenancy), 'tenant_a') : ask(await soleWorld(fixtures, spec.tables), 'owner')
}

async function soleWorld(fixtures: Fixtures, tables: readonly TableSpec[]): Promise<World> {
  const person = personMaker(fixtures)
  const owner = signedIn({ id: 'owner', title: 'a user', userId: await person('owner') })
  const peer = signedIn({ id: 'peer', title: 'another user', userId: await person('peer') })
  const anonymous = signedIn({ id: 'anonymous', title: 'an anonymous sign-in', userId: await person('anonymous'), anonymous: true })
  const forged = signedIn({ id: 'forged', title: 'a user who forged user_metadata', userId: await person('forged'), claims: forgery({ owner_id: owner.caller.userId, sub: owner.caller.userId }) })
  const strangers = [signedIn({ id: 'no_subject', title: 'a token without a subject', userId: null }), forged]
  const more: Identity[] = []
  for (let count = 3; count <= ownersNeeded(tables); count += 1) more.push(signedIn({ id: `user${count}`, title: `user ${count}`, userId: await person(`user${count}`) }))
  const owners = [owner, peer, ...more, anonymous].map((identity) => ({ identity, tenant: null }))
  return { identities: [...impersonal, owner, peer, ...more, anonymous, ...strangers, service], tenants: [], owners, open: person.open }
}

/** Where nobody has a second row, somebody else has the one that is hidden, and the one that is deleted. */
function ownersNeeded(tables: readonly TableSpec[]): number {
  return Math.max(2, ...tables.filter(hasOneRowEach).map((table) => 2 + hiddenStates(table).length + deletedStates(table).length))
}

async function claimWorld(fixtures: Fixtures, tenancy: Extract<Spec['tenancy'], { model: 'tenant_column' }>): Promise<World> {
  const person = personMaker(fixtures)
  const tenants = ['a', 'b'].map((id, index) => ({ id, title: `tenant ${id.toUpperCase()}`, key: tenantKey(tenancy.type, id, index), deleted: false }))
  const [a = '', b = ''] = tenants.map(({ key }) => key)
  const claim = (value: string) => nested(tenancy.claim, value)
  const of = async (id: string, title: string, tenantId: string, anonymous = false) =>
    signedIn({ id, title, userId: await person(id), anonymous, tenantId, claims: claim(tenantId) })
  const owner = await of('tenant_a', 'a user of tenant A', a)
  const peer = await of('peer_a', 'another user of tenant A', a)
  const other = await of('tenant_b', 'a user of tenant B', b)
  const anonymous = await of('anonymous', 'an anonymous sign-in of tenant A', a, true)
  const without = signedIn({ id: 'no_claim', title: 'a user without a tenancy claim', userId: await person('no_claim') })
  const empty = signedIn({ id: 'empty_claim', title: 'a user with an empty tenancy claim', userId: await person('empty_claim'), claims: claim('') })
  const forged = signedIn({ id: 'forged', title: 'a user who forged user_metadata', userId: await person('forged'), claims: forgery({ [tenancy.column]: a, [tenancy.claim.at(-1) ?? '']: a }) })
  const noSubject = signedIn({ id: 'no_subject', title: 'a token of tenant A without a subject', userId: null, tenantId: a, claims: claim(a) })
  return {
    identities: [...impersonal, owner, peer, other, anonymous, without, empty, forged, noSubject, service],
    tenants,
    owners: [owner, peer, anonymous, without].map((identity) => ({ identity, tenant: a })).concat({ identity: other, tenant: b }),
    open: person.open,
  }
}

async function organizationWorld(fixtures: Fixtures, tenancy: OrganizationTenancy): Promise<World> {
  const person = personMaker(fixtures, tenancy.functions?.invitations ? accounts : {})
  const { open } = person
  const { memberships, roles, organizationDeleted } = tenancy
  const organization = async (given: Record<string, unknown>) => keyOf(await fixtures.row(tenancy.organizations, { given }), tenancy.organizationKey, open)
  const a = await organization({})
  const b = await organization({})
  const closed = organizationDeleted === null ? null : await organization({ [organizationDeleted]: '2024-01-01' })
  const weakest = roles[0] ?? ''
  const strongest = roles.at(-1) ?? ''
  const join = async (userId: string | null, key: string, role: string, active = true) => {
    // The user or the organisation could not be made, which is said already.
    if (!userId || key === '') return { organization: key, role, active }
    const given = { [memberships.user]: userId, [memberships.organization]: key, ...(memberships.role === null ? {} : { [memberships.role]: role }) }
    const must = memberships.where === null ? [] : [{ sql: memberships.where, holds: active ? ('true' as const) : ('not true' as const) }]
    const row = await fixtures.row(memberships.table, { given, must })
    if (isOpen(row)) open.push(row.open)
    return { organization: key, role, active }
  }
  const member = async (id: string, title: string, joined: [string, string, boolean?][], anonymous = false) => {
    const userId = await person(id)
    const list = []
    for (const [key, role, active] of joined) list.push(await join(userId, key, role, active))
    return signedIn({ id, title, userId, anonymous, memberships: list })
  }
  const members = []
  for (const role of roles) members.push(await member(role, `${withArticle(role)} of A`, [[a, role]]))
  const mixed = await member('mixed', `${withArticle(weakest)} of A who is ${strongest} of B`, [[a, weakest], [b, strongest]])
  const other = await member('other', `${withArticle(strongest)} of B`, [[b, strongest]])
  const removed = await member('removed', 'somebody who was removed from A', [])
  const inactive = memberships.where === null ? [] : [await member('inactive', `${withArticle(strongest)} of A whose membership is not active`, [[a, strongest, false]])]
  const anonymous = await member('anonymous', `an anonymous sign-in who is ${strongest} of A`, [[a, strongest]], true)
  const late = closed === null ? [] : [await member('late', `${withArticle(strongest)} of a deleted organisation`, [[closed, strongest]])]
  const stranger = await member('stranger', 'a user without organisation', [])
  const forged = signedIn({ id: 'forged', title: 'a user who forged user_metadata', userId: await person('forged'), claims: forgery({ [tenancy.column]: a, org_id: a, role: strongest, org_role: strongest }) })
  const noSubject = signedIn({ id: 'no_subject', title: 'a token without a subject', userId: null })
  return {
    identities: [...impersonal, ...members, mixed, other, removed, ...inactive, anonymous, ...late, stranger, forged, noSubject, service],
    tenants: [
      { id: 'a', title: 'A', key: a, deleted: false },
      { id: 'b', title: 'B', key: b, deleted: false },
      ...(closed === null ? [] : [{ id: 'closed', title: 'the deleted organisation', key: closed, deleted: true }]),
    ],
    owners: [
      ...[...members, mixed, removed, ...inactive, anonymous].map((identity) => ({ identity, tenant: a })),
      { identity: other, tenant: b },
      ...late.map((identity) => ({ identity, tenant: closed })),
    ],
    ...(tenancy.functions?.invitations ? { addresses: addressesOf([stranger, forged, anonymous]) } : {}),
    open,
  }
}

const confirmed = (id: string) => ({ email: `${id}@people.example`, email_confirmed_at: '2024-01-01' })

/** Rows may be addressed to these: the second has confirmed nothing, the third is an anonymous sign-in. */
const accounts = { stranger: confirmed('stranger'), forged: { ...confirmed('forged'), email_confirmed_at: null }, anonymous: confirmed('anonymous') }

function addressesOf(identities: readonly Identity[]): NonNullable<World['addresses']> {
  return identities.map(({ id, title, caller }) => ({ email: `${id}@people.example`, title, userId: caller.userId ?? '', confirmed: id !== 'forged' }))
}

/** What a client writes into its own metadata, hoping that a policy reads it there. */
function forgery(wishes: Record<string, unknown>): Record<string, unknown> {
  return { user_metadata: { ...wishes, is_admin: true, role: wishes['role'] ?? 'service_role', app_metadata: wishes } }
}

/** `known`: what the account of a person holds, by id. */
function personMaker(fixtures: Fixtures, known: Record<string, Record<string, string | null>> = {}): ((id: string) => Promise<string>) & { open: string[] } {
  const open: string[] = []
  const make = async (id: string) => keyOf(await fixtures.row(users, { given: { id: seededUuid(`person ${id}`), ...known[id] } }), 'id', open)
  return Object.assign(make, { open })
}

function keyOf(row: { stored: Row } | Open, column: string, open: string[]): string {
  if (!isOpen(row)) return row.stored[column] ?? ''
  open.push(row.open)
  return ''
}

function tenantKey(type: string, id: string, index: number): string {
  if (type === 'uuid') return seededUuid(`tenant ${id}`)
  return /^(text|citext|character varying|varchar)/.test(type) ? `tenant-${id}` : String(101 + index)
}

/** `['app_metadata', 'tenant_id']` → `{ app_metadata: { tenant_id: value } }`. */
function nested(path: readonly string[], value: string): Record<string, unknown> {
  const [head = '', ...rest] = path
  return { [head]: rest.length === 0 ? value : nested(rest, value) }
}
