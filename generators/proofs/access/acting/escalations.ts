/** Ways round the functions: writing the tables, calling again after the right is gone, and what nobody may do at all. */
import { withArticle } from '../../../design/with-article.ts'
import { actionsOf, lastHolderMessage } from '../../../design/membership-actions.ts'
import { type MembershipRequest, type MembershipState, mayAct } from '../../../design/membership-rules.ts'
import { invitationColumns } from '../../../design/reading/tenancy/invitation-tables.ts'
import type { OrganizationTenancy } from '../../../design/spec.ts'
import { ident, qualified } from '../../../sql/identifier.ts'
import { literal } from '../../../sql/literal.ts'
import { isClient, service } from '../identity.ts'
import { type ActingCase, type Caller, stepOf } from './cases.ts'
import type { Cast } from './cast.ts'
import { callOf, changes, issuedToken, outcomeOf } from './requests.ts'
import { outcomes } from './script.ts'

/** No client writes memberships or invitations, or sees a hash. */
export function directCases(tenancy: OrganizationTenancy, cast: Cast): ActingCase[] {
  const { memberships, functions, type, roles } = tenancy
  const table = qualified(memberships.table)
  const [organization, user, role] = [ident(memberships.organization), ident(memberships.user), ident(memberships.role ?? 'role')]
  const strongest = literal(roles.at(-1) ?? '')
  return cast.callers.filter(({ identity }) => isClient(identity)).flatMap(({ identity }) => {
    const own = `${literal(identity.caller.userId ?? cast.people.guest.caller.userId ?? '')}::uuid`
    const join = (key: string) => `with added as (insert into ${table} (${organization}, ${user}, ${role}) values (${literal(key)}::${type}, ${own}, ${strongest}) returning 1) select 1`
    const write = (statement: string) => `with changed as (${statement} returning 1) select 1`
    const tries: [string, string][] = [
      ['joins A', join(cast.organizations.a)],
      ['joins D', join(cast.organizations.d)],
      ['promotes themselves', write(`update ${table} set ${role} = ${strongest} where ${user} = ${own}`)],
      ['promotes everybody', write(`update ${table} set ${role} = ${strongest}`)],
      ['moves the own membership to D', write(`update ${table} set ${organization} = ${literal(cast.organizations.d)}::${type} where ${user} = ${own}`)],
      ['deletes memberships', write(`delete from ${table}`)],
      ...(functions?.invitations
        ? ([
            ['raises an invitation', write(`update ${qualified(functions.invitations.table)} set ${ident(invitationColumns(tenancy).role)} = ${strongest}`)],
            ['reads the hashes', `select token_hash from ${qualified(functions.invitations.tokens)}`],
          ] satisfies [string, string][])
        : []),
    ]
    return tries.map(([title, sql], place) => ({ caller: identity.title, action: 'without a function' as const, title, steps: [stepOf(identity, sql)], expected: outcomes.notCallable, done: false, telling: place < 3 || title === 'reads the hashes' }))
  })
}

/** The guard holds whoever writes. */
export function guardCases(tenancy: OrganizationTenancy, cast: Cast): ActingCase[] {
  const { memberships, type, roles } = tenancy
  const table = qualified(memberships.table)
  const [organization, user, role] = [ident(memberships.organization), ident(memberships.user), ident(memberships.role ?? 'role')]
  const { a, d } = cast.organizations
  const sole = cast.people.sole.caller.userId ?? ''
  const [strongest = '', weaker] = [roles.at(-1), roles.at(-2)]
  const heir = cast.peers.find((peer) => peer.role === strongest)?.user ?? ''
  const holds = `${user} = ${literal(sole)}::uuid and ${organization} = ${literal(d)}::${type}`
  const message = lastHolderMessage(tenancy)
  const without = (state: MembershipState, gone: string): MembershipState => ({ ...state, members: state.members.filter((one) => one.user !== gone), invitations: state.invitations.filter((one) => one.user !== gone && one.inviter !== gone) })
  const naming = { tenancy, titles: cast.titles }
  const account = (id: string) => `delete from auth.users where id = ${literal(id)}::uuid returning 1`
  const closedD: MembershipState = {
    organizations: cast.state.organizations.filter(({ id }) => id !== d),
    members: cast.state.members.filter((one) => one.organization !== d),
    invitations: cast.state.invitations.filter((one) => one.organization !== d),
  }
  const tries: [string, string, string, string][] = [
    ['service_role', 'deletes all memberships', `delete from ${table} returning 1`, message],
    ['service_role', `deletes the only ${strongest}`, `delete from ${table} where ${holds} returning 1`, message],
    ['service_role', `moves the only ${strongest} to A`, `update ${table} set ${organization} = ${literal(a)}::${type} where ${holds} returning 1`, message],
    ...(weaker === undefined ? [] : ([['service_role', `makes the only ${strongest} ${withArticle(weaker)}`, `update ${table} set ${role} = ${literal(weaker)} where ${holds} returning 1`, message]] satisfies [string, string, string, string][])),
    ['service_role', `deletes ${withArticle(strongest)} who is not the only one`, `delete from ${table} where ${user} = ${literal(heir)}::uuid returning 1`, changes(cast.state, { ...cast.state, members: cast.state.members.filter((one) => one.user !== heir) }, naming)],
    ['postgres', `deletes the account of the only ${strongest}`, account(sole), message],
    ['postgres', `deletes the account of ${withArticle(strongest)} who is not the only one`, account(heir), changes(cast.state, without(cast.state, heir), naming)],
    ['service_role', 'deletes D with all that belongs to it', `delete from ${qualified(tenancy.organizations)} where ${ident(tenancy.organizationKey)} = ${literal(d)}::${type} returning 1`, changes(cast.state, closedD, naming)],
  ]
  return tries.map(([as, title, sql, expected]) => ({
    caller: as === 'postgres' ? 'the owner of the tables' : service.title, action: 'directly', title, steps: [{ role: as, claims: service.claims, sql }], expected, done: expected !== message, telling: true,
  }))
}

/** Rights that end, seen from the other side: each call is the evaluator's to judge, in the state that the calls before it left. */
export function sequenceCases(tenancy: OrganizationTenancy, cast: Cast): ActingCase[] {
  const { roles, functions } = tenancy
  const find = (id: string) => cast.callers.find(({ identity }) => identity.id === id)
  const [weakest = '', strongest = '', managers = ''] = [roles[0], roles.at(-1), functions?.managers]
  const [first, manager, guest, stranger] = [find(strongest), find(managers), find('guest'), find('stranger')]
  const peer = (role: string) => cast.peers.find((one) => one.role === role)?.user ?? ''
  const { a } = cast.organizations
  if (!first || !manager || !guest || !stranger) return []
  const idOf = ({ caller }: Caller) => caller.userId ?? ''
  const invite = (role: string): MembershipRequest => ({ action: 'invite', organization: a, role, email: null, user: null, invitation: 'new', token: issuedToken })
  const take = (token: string): MembershipRequest => ({ action: 'accept', token })
  const away = { action: 'remove' as const, organization: a, user: idOf(manager) }
  const sequences: [string, [Caller, MembershipRequest][]][] = [
    ['the token that is given is the one that is taken', [[first, invite(weakest)], [stranger, take(issuedToken)]]],
    ['an invitation is good once', [[guest, take('token anybody')], [stranger, take('token anybody')]]],
    ['an invitation is good for one organisation once, also by another token', [[guest, take('token address')], [guest, take('token user')]]],
    ['an invitation that is taken back opens nothing', [[first, { action: 'revoke', invitation: cast.state.invitations.find(({ token }) => token === 'token anybody')?.id ?? '' }], [guest, take('token anybody')]]],
    ['whoever left gives no role', [[first, { action: 'leave', organization: a }], [first, { action: 'set_role', organization: a, user: peer(weakest), role: weakest }]]],
    ['whoever left does not delete', [[first, { action: 'leave', organization: a }], [first, { action: 'delete', organization: a }]]],
    ['whoever handed over does not hand over again', [[first, { action: 'transfer', organization: a, user: peer(weakest) }], [first, { action: 'transfer', organization: a, user: peer(managers) }]]],
    ['of a deleted one nobody invites', [[first, { action: 'delete', organization: a }], [first, invite(weakest)]]],
    ['into a deleted one nobody comes', [[first, { action: 'delete', organization: a }], [guest, take('token anybody')]]],
    ...(manager === first
      ? []
      : ([
          ['a removed manager has no token for the way back', [[manager, invite(weakest)], [first, away], [manager, take(issuedToken)]]],
          ['invitations of a removed manager are worth nothing', [[manager, invite(weakest)], [first, away], [guest, take(issuedToken)]]],
          ['whoever was removed removes nobody', [[first, away], [manager, { action: 'remove', organization: a, user: peer(weakest) }]]],
          ['invitations of a manager who is none any more are worth nothing', [[manager, invite(weakest)], [first, { action: 'set_role', organization: a, user: idOf(manager), role: weakest }], [guest, take(issuedToken)]]],
        ] satisfies [string, [Caller, MembershipRequest][]][])),
  ]
  const known = actionsOf(tenancy)
  return [
    ...sequences.filter(([, steps]) => steps.every(([, { action }]) => known.includes(action))).map(([title, steps]) => sequenceOf(title, steps, tenancy, cast)),
    ...(known.includes('transfer') ? [keepsTheOther(first, peer(weakest), tenancy, cast)] : []),
  ]
}

/** What somebody is in B, handing over A does not change. */
function keepsTheOther({ identity, caller }: Caller, heir: string, tenancy: OrganizationTenancy, cast: Cast): ActingCase {
  const { memberships, type, roles } = tenancy
  const { a, b } = cast.organizations
  const [user, role] = [caller.userId ?? '', roles.at(-1) ?? '']
  const joins = `insert into ${qualified(memberships.table)} (${[memberships.organization, memberships.user, memberships.role ?? 'role'].map(ident).join(', ')}) values (${literal(b)}::${type}, ${literal(user)}::uuid, ${literal(role)}) returning 1`
  const both: MembershipState = { ...cast.state, members: [...cast.state.members, { organization: b, user, role, active: true }] }
  const request: MembershipRequest = { action: 'transfer', organization: a, user: heir }
  const { after } = mayAct(request, caller, both, tenancy)
  return {
    caller: 'several', action: 'one after another', title: 'whoever hands over one stays what they are in another', telling: true, done: true,
    steps: [{ role: 'service_role', claims: service.claims, sql: joins }, stepOf(identity, callOf(request, tenancy))],
    expected: changes(cast.state, after, { tenancy, titles: cast.titles }),
  }
}

function sequenceOf(title: string, steps: readonly [Caller, MembershipRequest][], tenancy: OrganizationTenancy, cast: Cast): ActingCase {
  let state = cast.state
  let expected = ''
  let isDone = true
  for (const [caller, request] of steps) {
    const result = mayAct(request, caller.caller, state, tenancy)
    isDone = result.verdict === 'done'
    expected = isDone ? changes(cast.state, result.after, { tenancy, titles: cast.titles }) : outcomeOf(request.action, result, state, { tenancy, titles: cast.titles })
    if (!isDone) break
    state = result.after
  }
  return { caller: 'several', action: 'one after another', title, steps: steps.map(([{ identity }, request]) => stepOf(identity, callOf(request, tenancy))), expected, done: isDone, telling: true }
}

