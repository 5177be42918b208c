/** The functions on memberships as a reader meets them: who may call what, what was observed, how the first member comes in. */
import { type MembershipAction, actionFunction, actionsOf, lastHolderMessage, nounOf } from '../../design/membership-actions.ts'
import type { ActingEvidence, PromotionEvidence } from '../../design/evidence.ts'
import type { Plan } from '../../design/plan.ts'
import type { OrganizationTenancy } from '../../design/spec.ts'
import { qualified } from '../../sql/identifier.ts'
import { code, listed, prose, table } from './markdown.ts'

/** Null where the design has none. */
export function membershipTenancy({ spec: { tenancy } }: Plan): OrganizationTenancy | null {
  return tenancy.model === 'organization' && tenancy.functions ? tenancy : null
}

/** Each function with who may call it and what it does: the sentence that is its comment in the database. */
export function functionList(plan: Plan): string {
  const tenancy = membershipTenancy(plan)
  if (!tenancy) return ''
  return table(
    ['function', 'who, and what it does'],
    actionsOf(tenancy).flatMap((action) => {
      const { schema, name } = actionFunction(action, tenancy)
      const planned = plan.functions.find((one) => one.kind === 'client call' && one.name.schema === schema && one.name.name === name)
      return planned ? [[code(`${qualified(planned.name)}(${planned.arguments})`), prose(planned.comment)]] : []
    }),
  )
}

/** What holds for all of them. */
export function functionRules(plan: Plan): string[] {
  const tenancy = membershipTenancy(plan)
  if (!tenancy) return []
  const { roles, functions, memberships } = tenancy
  const strongest = roles.at(-1) ?? ''
  return [
    `Clients have no INSERT, UPDATE or DELETE on ${code(qualified(memberships.table))}${functions?.invitations ? ` and ${code(qualified(functions.invitations.table))}` : ''}: these functions are the only way.`,
    `A say over a role means: ${functions?.managers ?? ''} and stronger have it over roles below their own, ${strongest} over every role. Nobody changes or removes themselves, so nobody promotes themselves.`,
    `Whoever may not gets 42501 (HTTP 403), with the same words as for an organisation, member or invitation that is not there.`,
    `Who belongs to a ${nounOf(tenancy)} changes in one transaction at a time: each call locks it first.`,
    ...(functions?.invitations ? [`An invitation is worth what its inviter may still give: it ends when its inviter leaves, is removed or is given a weaker role. Its token is stored as a hash, in ${code(qualified(functions.invitations.tokens))}, which no client role reaches.`] : []),
  ]
}

/** The guard stands without functions as well. */
export function guardRule({ spec: { tenancy } }: Plan): string[] {
  if (tenancy.model !== 'organization' || !tenancy.create) return []
  const noun = nounOf(tenancy)
  return [
    `${sentence(lastHolderMessage(tenancy))} (23514): also when the service writes, when a membership is moved, and when an account is deleted. Deleting an account that is the last ${tenancy.roles.at(-1) ?? ''} of an open ${noun} is refused; hand over or delete the ${noun} first. A statement that takes and gives the role at once is looked at as a whole; a script that needs several says ${code('set constraints all deferred')}.`,
  ]
}

/** How the first member comes in. */
export function bootstrap(plan: Plan): string[] {
  const { tenancy } = plan.spec
  if (tenancy.model !== 'organization' || !tenancy.create) return []
  const noun = nounOf(tenancy)
  const strongest = tenancy.roles.at(-1) ?? ''
  if (tenancy.functions?.tasks.includes('create')) return [`The first ${noun} comes from its first member: a signed-in user calls ${code(qualified(actionFunction('create', tenancy)))} and is its ${strongest}. ${tenancy.functions.tasks.includes('invite') ? 'Everybody else is invited.' : 'Everybody else is let in by the service.'}`]
  return [`The first ${noun} and its first ${strongest} are written by the service, into ${code(qualified(tenancy.organizations))} and ${code(qualified(tenancy.memberships.table))}.`]
}

/** Who got what done; the rest was refused. */
export function observedActions(plan: Plan, acting: ActingEvidence | undefined): { table: string; footnotes: string[]; asked: number } | null {
  const tenancy = membershipTenancy(plan)
  if (!tenancy || !acting) return null
  const actions = actionsOf(tenancy)
  const footnotes: string[] = []
  const mark = (sign: string, sentenceOf: string) => {
    if (!footnotes.includes(sentenceOf)) footnotes.push(sentenceOf)
    return `${sign} <sup>${footnotes.indexOf(sentenceOf) + 1}</sup>`
  }
  const callers = [...new Set(acting.callers.filter(({ action }) => actions.includes(action as MembershipAction)).map(({ caller }) => caller))]
  const cellOf = (caller: string, action: MembershipAction) => {
    const found = acting.callers.find((one) => one.caller === caller && one.action === action)
    if (!found) return ''
    if (found.wrong.length > 0) return mark('✗', `Not as the spec says: ${found.wrong.join('; ')}.`)
    if (found.done.length === 0) return '–'
    return found.done.length === found.asked ? '✓' : mark('✓', `Only: ${found.done.join('; ')}.`)
  }
  return {
    table: table(['who', ...actions.map((action) => actionFunction(action, tenancy).name)], callers.map((caller) => [prose(caller), ...actions.map((action) => cellOf(caller, action))])),
    footnotes: footnotes.map((footnote, place) => `${place + 1}. ${prose(footnote)}`),
    asked: acting.callers.reduce((sum, one) => sum + one.asked, 0),
  }
}

/** What was tried beside the functions, in words. */
export function triedBeside(acting: ActingEvidence | undefined): string {
  const others = acting?.callers.filter(({ action }) => action === 'directly' || action === 'one after another') ?? []
  const done = others.flatMap((one) => one.done)
  const refused = acting?.callers.filter(({ action }) => action === 'without a function').reduce((sum, { asked }) => sum + asked, 0) ?? 0
  if (refused === 0) return ''
  return `Tried beside them: ${refused} writes to the tables by clients (joining, promoting, moving, deleting, reading hashes), all refused; ${others.reduce((sum, one) => sum + one.asked, 0)} writes by the service and rows of calls (accepting twice, calling after leaving, the invitations of somebody who was removed). Of these only these went through: ${listed(done.map(prose))}.`
}

/** Memberships that the design found: what it rests on. */
export function existingMemberships({ spec: { tenancy } }: Plan, promotions: PromotionEvidence | undefined): string[] {
  if (tenancy.model !== 'organization' || tenancy.create || !promotions) return []
  const name = code(qualified(tenancy.memberships.table))
  return [
    promotions.passed.length > 0
      ? `**Clients can make themselves members in ${name}**, so no rule for members holds until that is closed: ${promotions.passed.map(({ says, request }) => `${prose(says)} (${code(request)})`).join('; ')}.`
      : promotions.asked > 0
        ? `Memberships stand in ${name}, which this design does not change. ${promotions.asked} writes by which clients would join, be promoted or move were sent; none got through.`
        : `Memberships stand in ${name}, which this design does not change.`,
    ...promotions.open.map((one) => `Not settled: ${prose(one)}.`),
  ]
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
