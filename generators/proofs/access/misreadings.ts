/** The spec read wrongly, in every way that is known here: callers, rows, rules, and the rows that decide about others. */
import type { Caller, RowFacts } from '../../design/access.ts'
import { isParent, isShared } from '../../design/audience-kinds.ts'
import { type Audience, type TableSpec, type Tenancy, type Verb, type VerbRule, verbs } from '../../design/spec.ts'
import type { Identity } from './identity.ts'
import { type Subject, may } from './subject.ts'

export type Judge = (verb: Verb, identity: Identity, facts: RowFacts) => boolean

/** Every way to misread the spec that is known here, for each verb. */
export function misreadings({ table, plan }: Subject): Judge[] {
  const { tenancy } = plan.spec
  const followed = [...shares(table), ...parents(tenancy, table.access.via === null ? 0 : 3)]
  const right = (verb: Verb, identity: Identity, facts: RowFacts, of = table) => may({ table: of, plan }, verb, identity, facts)
  return verbs.flatMap((wrong) => [
    ...callers(tenancy).map((misread): Judge => (verb, identity, facts) => right(verb, verb === wrong ? { ...identity, caller: misread(identity.caller, facts, identity.id) } : identity, facts)),
    ...rows.map((misread): Judge => (verb, identity, facts) => right(verb, identity, verb === wrong ? misread(facts, identity.caller) : facts)),
    ...followed.map((misread): Judge => (verb, identity, facts) => right(verb, identity, verb === wrong ? misread(facts, identity.caller) : facts)),
    ...rulesLike(table, table.access[wrong], tenancy).map((rule): Judge => (verb, identity, facts) => right(verb, identity, facts, verb === wrong ? { ...table, access: { ...table.access, [wrong]: rule } } : table)),
    (verb, identity, facts) => (verb === wrong && identity.caller.role === 'service_role' ? false : right(verb, identity, facts)),
  ])
}

function callers(tenancy: Tenancy): ((caller: Caller, facts: RowFacts, id: string) => Caller)[] {
  const roles = tenancy.model === 'organization' ? tenancy.roles : []
  const [weakest = '', strongest = ''] = [roles[0], roles.at(-1)]
  const inside = (role: string, { tenant }: RowFacts) => [{ organization: tenant ?? '', role, active: true }]
  return [
    (caller) => ({ ...caller, anonymous: false }),
    (caller) => ({ ...caller, aal: 'aal2' }),
    (caller, { owner }) => ({ ...caller, userId: caller.userId ?? owner ?? 'nobody' }),
    (caller) => ({ ...caller, role: caller.role === 'anon' ? 'authenticated' : caller.role, userId: caller.userId ?? 'nobody' }),
    (caller, { owner, tenant }, id) => (id === 'forged' ? { ...caller, userId: owner ?? caller.userId, tenantId: tenant } : caller),
    (caller, facts, id) => (id === 'forged' ? { ...caller, memberships: inside(strongest, facts) } : caller),
    (caller, { tenant }) => ({ ...caller, tenantId: tenant }),
    (caller) => ({ ...caller, memberships: caller.memberships.map((one) => ({ ...one, active: true })) }),
    (caller) => ({ ...caller, memberships: caller.memberships.map((one) => ({ ...one, role: strongest })) }),
    (caller) => ({ ...caller, memberships: caller.memberships.map((one) => ({ ...one, role: weakest })) }),
    (caller) => ({ ...caller, memberships: caller.memberships.map((one) => ({ ...one, role: roles.at(-1 - roles.indexOf(one.role)) ?? one.role })) }),
    (caller, { tenant }) => ({ ...caller, memberships: caller.memberships.map((one) => ({ ...one, organization: tenant ?? one.organization })) }),
    (caller, facts) => ({ ...caller, memberships: inside(strongest, facts) }),
    (caller, facts) => ({ ...caller, memberships: inside(weakest, facts) }),
  ]
}

type Misread = (facts: RowFacts, caller: Caller) => RowFacts

const rows: Misread[] = [
  (facts) => ({ ...facts, deleted: false }),
  (facts) => ({ ...facts, organizationDeleted: false }),
  (facts) => ({ ...facts, where: { own: true, any: true } }),
  (facts) => ({ ...facts, where: { ...facts.where, own: true } }),
  (facts) => ({ ...facts, where: { ...facts.where, any: true } }),
  (facts, { userId }) => ({ ...facts, owner: userId }),
  (facts, { userId }) => ({ ...facts, owner: facts.owner ?? userId }),
  (facts) => ({ ...facts, owner: null }),
]

/** Shares that nobody has, that everybody has, at another level. */
function shares({ access: { shares: found } }: TableSpec): Misread[] {
  if (found === null) return []
  const levels = [found.levels[0] ?? null, found.levels.at(-1) ?? null]
  return [
    (facts) => ({ ...facts, shares: [] }),
    (facts, { userId }) => ({ ...facts, shares: facts.shares.map((share) => ({ ...share, user: userId ?? share.user })) }),
    ...levels.flatMap((level): Misread[] => [(facts) => ({ ...facts, shares: facts.shares.map((share) => ({ ...share, level })) }), (facts, { userId }) => ({ ...facts, shares: userId === null ? facts.shares : [...facts.shares, { user: userId, level }] })]),
  ]
}

/** The row that decides is none, is seen by everybody, is misread itself or by its own rules, and so is the one behind it. */
function parents(tenancy: Tenancy, depth: number): Misread[] {
  if (depth === 0) return []
  const within = (misread: Misread): Misread => (facts, caller) => (facts.parent !== null && 'facts' in facts.parent ? { ...facts, parent: { ...facts.parent, facts: misread(facts.parent.facts, caller) } } : facts)
  const ruled = (verb: Verb, place: number): Misread => ({ parent, ...facts }) => {
    const rule = parent !== null && 'facts' in parent ? rulesLike(parent.table, parent.table.access[verb], tenancy)[place] : undefined
    return { ...facts, parent: parent !== null && 'facts' in parent && rule ? { ...parent, table: { ...parent.table, access: { ...parent.table.access, [verb]: rule } } } : parent }
  }
  const shared: Misread[] = [(facts) => ({ ...facts, shares: [] }), (facts, { userId }) => ({ ...facts, shares: facts.shares.map((share) => ({ ...share, user: userId ?? share.user })) })]
  return [
    (facts) => ({ ...facts, parent: null }),
    (facts, caller) => (facts.parent !== null && 'seenBy' in facts.parent ? { ...facts, parent: { seenBy: new Set([...facts.parent.seenBy, caller]) } } : facts),
    ...[...rows, ...shared, ...parents(tenancy, depth - 1)].map(within),
    ...verbs.flatMap((verb) => Array.from({ length: mostRules }, (_, place) => ruled(verb, place))),
  ]
}

/** More than `rulesLike` ever gives are skipped. */
const mostRules = 16

/** For everybody, for nobody, one side for both, the next weaker and stronger roles and levels, another verb of the row that decides. */
function rulesLike({ access: { shares: found } }: TableSpec, { own, any }: VerbRule, tenancy: Tenancy): VerbRule[] {
  const near = (audience: Audience): Audience[] => {
    if (isParent(audience)) return followedVerbs.filter((parent) => parent !== audience.parent).map((parent) => ({ parent }))
    if (isShared(audience)) return (found?.levels ?? []).filter((level) => level !== audience.shared).map((shared) => ({ shared }))
    if (tenancy.model !== 'organization' || typeof audience !== 'object' || !('role' in audience)) return []
    const rank = tenancy.roles.indexOf(audience.role)
    return [rank - 1, rank + 1].flatMap((other) => (tenancy.roles[other] === undefined ? [] : [{ ...audience, role: tenancy.roles[other] }]))
  }
  const both = (audience: Audience): VerbRule => ({ own: audience, any: audience })
  return [both('anyone'), both('signed_in'), both('nobody'), both(own), both(any), { own, any: 'nobody' }, { own: 'nobody', any }, ...near(own).map((audience) => ({ own: audience, any })), ...near(any).map((audience) => ({ own, any: audience }))]
}

const followedVerbs = ['select', 'insert', 'update', 'delete', 'owner'] as const
