/** The functions on memberships, called by everybody on everything: prepared once, asked wherever the design is applied. */
import type { ActingEvidence } from '../../../design/evidence.ts'
import { actionFunction } from '../../../design/membership-actions.ts'
import type { Spec } from '../../../design/spec.ts'
import { qualified } from '../../../sql/identifier.ts'
import { literal } from '../../../sql/literal.ts'
import type { Session } from '../../../postgres/session.ts'
import type { Fixtures } from '../../fixtures/fixtures.ts'
import type { Stage } from '../requests.ts'
import type { World } from '../world.ts'
import { type ActingCase, actionCases } from './cases.ts'
import { createCast } from './cast.ts'
import { directCases, guardCases, sequenceCases } from './escalations.ts'
import { actingScript } from './script.ts'

export interface Acting {
  /** On top of the world. */
  seed: string
  /** Temporary tables and functions, in order. */
  script: string[]
  cases: ActingCase[]
  open: string[]
}

/** Null where members do nothing themselves. Runs inside of the transaction that made the world. */
export async function prepareActing(fixtures: Fixtures, { tenancy }: Spec, world: World): Promise<Acting | null> {
  if (tenancy.model !== 'organization' || !tenancy.functions) return null
  const cast = await createCast(fixtures, tenancy, world)
  const cases = [...actionCases(tenancy, cast), ...directCases(tenancy, cast), ...guardCases(tenancy, cast), ...sequenceCases(tenancy, cast)]
  return { seed: cast.script, script: actingScript(tenancy, cast.titles), cases, open: cast.open }
}

/** In a savepoint, so that nothing of it is left for the tables. */
export async function seedActing(session: Session, { seed, script }: Acting): Promise<void> {
  await session.query([seed, ...script].join(';\n'))
}

export interface Acted {
  case: ActingCase
  answer: string
}

/** Sent in one round trip. */
export async function act(session: Session, cases: readonly ActingCase[]): Promise<Acted[]> {
  if (cases.length === 0) return []
  const { rows } = await session.query<{ answers: string[] }>(`select jsonb_agg(pg_temp.acted(steps) order by place) as answers from jsonb_array_elements(${literal(JSON.stringify(cases.map(({ steps }) => steps)))}::jsonb) with ordinality as asked(steps, place)`)
  return cases.map((one, place) => ({ case: one, answer: rows[0]?.answers[place] ?? '' }))
}

/** Everything happens in one transaction that is rolled back. Before the functions exist nothing is asked; where only what is too wide matters, nothing that must go through. */
export async function proveActing(session: Session, prepared: { world: string; acting: Acting | null }, stage: Stage): Promise<Acted[]> {
  const { world, acting } = prepared
  if (!acting || stage.access === 'closed') return []
  await session.query('begin')
  try {
    await session.query(world)
    await seedActing(session, acting)
    return await act(session, stage.probes === 'all' ? acting.cases : acting.cases.filter(({ telling, done }) => telling && !done))
  } finally {
    await session.query('rollback')
  }
}

export function isWrong({ case: { expected }, answer }: Acted): boolean {
  return answer !== expected
}

/** One sentence for each answer that is not the spec's. */
export function findingOf({ case: one, answer }: Acted, { tenancy }: Spec): string {
  const what = tenancy.model === 'organization' && isAction(one.action) ? qualified(actionFunction(one.action, tenancy)) : one.action
  return `${one.caller}, ${what}, ${one.title}: ${answer}; the spec says: ${one.expected}; request: ${witnessOf(one)}`
}

function isAction(action: ActingCase['action']): action is Exclude<ActingCase['action'], 'directly' | 'without a function' | 'one after another'> {
  return !['directly', 'without a function', 'one after another'].includes(action)
}

/** As a script for psql. */
export function witnessOf({ steps }: ActingCase): string {
  const sent = steps.map(({ role, claims, sql }) => `set local role ${role};${claims === null ? '' : ` set local "request.jwt.claims" = ${literal(claims)};`} ${sql};`)
  return `begin; ${sent.join(' ')} rollback;`
}

/** What each caller got done with each function. */
export function evidenceOf(acted: readonly Acted[]): ActingEvidence {
  const places = new Map<string, ActingEvidence['callers'][number]>()
  for (const { case: one, answer } of acted) {
    const place = places.get(`${one.caller} ${one.action}`) ?? { caller: one.caller, action: one.action, asked: 0, done: [], wrong: [] }
    places.set(`${one.caller} ${one.action}`, place)
    place.asked += 1
    if (answer !== one.expected) place.wrong.push(one.title)
    else if (one.done) place.done.push(one.title)
  }
  return { callers: [...places.values()] }
}
