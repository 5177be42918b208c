/**
 * The smallest set of answers that tells every misreading of the spec from the spec: each rule of the evaluator is got wrong in
 * turn, for one verb at a time, and answers are taken until every fault that changes any of them changes one that was taken.
 */
import type { Caller, RowFacts } from '../../design/access.ts'
import { isParent, isShared } from '../../design/audience-kinds.ts'
import type { ScenarioCaller } from '../../design/scenario.ts'
import { type Audience, type TableSpec, type Tenancy, type Verb, type VerbRule, verbs } from '../../design/spec.ts'
import type { Identity } from './identity.ts'
import { type Subject, may } from './subject.ts'

export type Judge = (verb: Verb, identity: Identity, facts: RowFacts) => boolean
type AnswersOf = (identity: Identity, judge: Judge) => ScenarioCaller

/** Callers with the answers that are left; a caller without any is left out. Rules that follow other rows are asked in full. */
export function tellingAnswers(subject: Subject, answersOf: AnswersOf): ScenarioCaller[] {
  const { identities } = subject.world
  const full = identities.map((identity) => answersOf(identity, (...asked) => may(subject, asked[0], asked[1], asked[2])))
  if (!isPlain(subject.table)) return full
  const right = full.map(textsOf)
  const faults = misreadings(subject).map((judge) => identities.map((identity, place) => changed(right[place] ?? [], textsOf(answersOf(identity, judge)))))
  const taken = cover(right.map(({ length }) => length), faults)
  return full.flatMap((caller, place) => {
    const kept = pick(caller, taken.filter(([of]) => of === place).map(([, answer]) => answer))
    return kept ? [kept] : []
  })
}

function isPlain({ kind, access }: TableSpec): boolean {
  return kind === 'row' && verbs.every((verb) => [access[verb].own, access[verb].any].every((audience) => !isParent(audience) && !isShared(audience)))
}

const asked = ['select', 'update', 'delete'] as const

/** One text for each answer, in the order of `pick`. */
function textsOf({ reaches, inserts }: ScenarioCaller): string[] {
  return [...asked.map((verb) => JSON.stringify(reaches[verb] ?? null)), ...inserts.map(({ allowed }) => String(allowed))]
}

function pick(caller: ScenarioCaller, places: readonly number[]): ScenarioCaller | null {
  if (places.length === 0) return null
  const reaches = Object.fromEntries(asked.filter((verb, place) => places.includes(place) && caller.reaches[verb] !== undefined).map((verb) => [verb, caller.reaches[verb]]))
  return { ...caller, reaches, inserts: caller.inserts.filter((_, place) => places.includes(place + asked.length)) }
}

function changed(before: readonly string[], after: readonly string[]): number[] {
  return before.flatMap((text, place) => (text === after[place] ? [] : [place]))
}

/** Greedy: the answer that tells most of the faults that are left, the first of equals. Faults that change nothing are left out. */
function cover(lengths: readonly number[], faults: readonly number[][][]): [caller: number, answer: number][] {
  const answers = lengths.flatMap((length, caller) => Array.from({ length }, (_, answer): [number, number] => [caller, answer]))
  let left = faults.filter((fault) => fault.some((places) => places.length > 0))
  const taken: [number, number][] = []
  while (left.length > 0) {
    const told = answers.map(([caller, answer]) => left.filter((fault) => fault[caller]?.includes(answer)).length)
    const best = answers[told.indexOf(Math.max(...told))]
    if (!best) break
    taken.push(best)
    left = left.filter((fault) => !fault[best[0]]?.includes(best[1]))
  }
  return taken
}

/** Every way to misread the spec that is known here, for each verb. */
function misreadings({ table, plan }: Subject): Judge[] {
  const { tenancy } = plan.spec
  const right = (verb: Verb, identity: Identity, facts: RowFacts, of = table) => may({ table: of, plan }, verb, identity, facts)
  return verbs.flatMap((wrong) => [
    ...callers(tenancy).map((misread): Judge => (verb, identity, facts) => right(verb, verb === wrong ? { ...identity, caller: misread(identity.caller, facts, identity.id) } : identity, facts)),
    ...rows.map((misread): Judge => (verb, identity, facts) => right(verb, identity, verb === wrong ? misread(facts, identity.caller) : facts)),
    ...rulesLike(table.access[wrong], tenancy).map((rule): Judge => (verb, identity, facts) => right(verb, identity, facts, verb === wrong ? { ...table, access: { ...table.access, [wrong]: rule } } : table)),
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

const rows: ((facts: RowFacts, caller: Caller) => RowFacts)[] = [
  (facts) => ({ ...facts, deleted: false }),
  (facts) => ({ ...facts, organizationDeleted: false }),
  (facts) => ({ ...facts, where: { own: true, any: true } }),
  (facts) => ({ ...facts, where: { ...facts.where, own: true } }),
  (facts) => ({ ...facts, where: { ...facts.where, any: true } }),
  (facts, { userId }) => ({ ...facts, owner: userId }),
  (facts, { userId }) => ({ ...facts, owner: facts.owner ?? userId }),
  (facts) => ({ ...facts, owner: null }),
]

/** For everybody, for nobody, one side for both, and the next weaker and stronger roles. */
function rulesLike({ own, any }: VerbRule, tenancy: Tenancy): VerbRule[] {
  const near = (audience: Audience): Audience[] => {
    if (tenancy.model !== 'organization' || typeof audience !== 'object' || !('role' in audience)) return []
    const rank = tenancy.roles.indexOf(audience.role)
    return [rank - 1, rank + 1].flatMap((other) => (tenancy.roles[other] === undefined ? [] : [{ ...audience, role: tenancy.roles[other] }]))
  }
  const both = (audience: Audience): VerbRule => ({ own: audience, any: audience })
  return [both('anyone'), both('signed_in'), both('nobody'), both(own), both(any), { own, any: 'nobody' }, { own: 'nobody', any }, ...near(own).map((audience) => ({ own: audience, any })), ...near(any).map((audience) => ({ own, any: audience }))]
}
