/** Sends the probes of every table at one moment of the rollout. */
import type { Session } from '../../postgres/session.ts'
import { refusalOf } from '../proof-error.ts'
import { isClient } from './identity.ts'
import { type Answer, type Matrix, mergeAnswers } from './merge.ts'
import { type Prepared, subjectsOf } from './prepare.ts'
import type { Probe } from './probe.ts'
import type { PreparedSubject, SeededTable, Stage } from './requests.ts'
import { type Outcome, type RowState, run } from './runner.ts'
import { searchCases } from './search-cases.ts'
import { askSession } from './session-requests.ts'
import type { ShapeContext } from './shapes/context.ts'
import { shapes } from './shapes/index.ts'
import { oracleProbes } from './shapes/oracles.ts'
import { type Subject, may, stateQuery } from './subject.ts'

export type { SeededTable, Stage } from './requests.ts'

export interface StageResult {
  matrices: Matrix[]
  /** Tables whose rows the database took before and refuses now. */
  open: string[]
  /** What came out otherwise in a session of its own. */
  findings: string[]
  probes: number
}

const briefShapes = ['all rows', 'blind', 'truncate', 'blind, refused']
const chosen = { brief: new Set(briefShapes), wide: new Set([...briefShapes, 'plain']) }

/** Everything happens in one transaction that is rolled back. */
export async function proveTables(session: Session, prepared: Prepared, stageOf: (subject: PreparedSubject) => Stage): Promise<StageResult> {
  await session.query('begin')
  try {
    return await probeTables(session, prepared, stageOf)
  } finally {
    await session.query('rollback')
  }
}

/** Inside of a transaction. */
export async function probeTables(session: Session, prepared: Prepared, stageOf: (subject: PreparedSubject) => Stage): Promise<StageResult> {
  const result: StageResult = { matrices: [], open: [], findings: [], probes: 0 }
  await session.query(prepared.world)
  for (const table of subjectsOf(prepared)) {
    const { subject, requests } = table
    if (requests && !(await requests.isThere(session))) continue
    const stage = stageOf(table)
    const seeded = await seedTable(session, table, stage)
    if ('refusal' in seeded) {
      result.open.push(`${subject.table.schema}.${subject.table.name}: its rows are refused now: ${seeded.refusal}`)
      continue
    }
    const answers = await ask(session, subject, seeded.probes, stage)
    result.matrices.push(mergeAnswers(subject, answers, seeded.context.allows, { isFull: stage.probes !== 'brief' }))
    result.probes += answers.length
    if (requests || subject.of || stage.access !== 'open' || stage.probes !== 'all') continue
    const { findings, asked } = await askSession(session, seeded.context)
    result.findings.push(...findings)
    result.probes += asked
  }
  return result
}

/** The rows of the table, on top of those before it, and what will be asked. */
export async function seedTable(session: Session, { subject, strangers, script, requests }: PreparedSubject, stage: Stage): Promise<SeededTable | { refusal: string }> {
  await session.query('savepoint access_table')
  const refusal = script === '' ? null : await session.query(script).then(() => null, refusalOf)
  if (refusal !== null) {
    await session.query('rollback to savepoint access_table')
    return { refusal }
  }
  await session.query('release savepoint access_table')
  const special = await requests?.ask(session, subject, stage)
  if (special) return { ...special, probes: special.probes.filter(({ shape }) => stage.probes === 'all' || chosen[stage.probes].has(shape)) }
  const context: ShapeContext = { subject, before: await readState(session, subject), searches: await searchCases(session, subject), allows: allowsAt(stage, subject) }
  const probes = [...shapes.flatMap((shape) => shape(context)), ...oracleProbes(context, strangers)]
  return { context, probes: probes.filter(({ shape }) => stage.probes === 'all' || chosen[stage.probes].has(shape) || (stage.probes === 'wide' && subject.plan.functions.some(({ name }) => name.name === shape))) }
}

function allowsAt(stage: Stage, subject: Subject): ShapeContext['allows'] {
  return (verb, identity, facts) => (stage.access === 'open' || !isClient(identity)) && may(subject, verb, identity, facts)
}

/** Where many rows were asked for at once and the answer is not the spec's, each such row is asked for by itself, so that the request to show is a short one. */
async function ask(session: Session, subject: Subject, probes: readonly Probe[], stage: Stage): Promise<Answer[]> {
  const answers: Answer[] = []
  const refined = new Set<string>()
  for (const answer of await send(session, subject, probes, stage)) {
    const { probe, judgements } = answer
    const place = `${probe.identity.id} ${probe.verb}`
    const wrong = new Set(judgements.filter(disagrees).map(({ row }) => row.id))
    if (wrong.size > 0 && probe.refine && !refined.has(place)) {
      refined.add(place)
      answers.push(...(await send(session, subject, probe.refine(wrong), stage)))
    }
    answers.push(answer)
  }
  return answers
}

/** Requests that need the same right in advance get it together: every GRANT makes the server plan anew. */
export async function send(session: Session, subject: Subject, probes: readonly Probe[], stage: Stage): Promise<Answer[]> {
  const outcomes = new Map<Probe, Outcome>()
  for (const setup of new Set(probes.map((probe) => probe.setup))) {
    const group = probes.filter((probe) => probe.setup === setup)
    if (setup !== undefined) await session.query(`savepoint access_setup; ${setup}`)
    const answered = await run(session, group, stateQuery(subject.table))
    if (setup !== undefined) await session.query('rollback to savepoint access_setup; release savepoint access_setup')
    for (const [index, probe] of group.entries()) {
      const outcome = answered[index]
      if (!outcome) throw new Error(`No outcome for ${probe.sql}`)
      outcomes.set(probe, outcome)
    }
  }
  return probes.map((probe) => {
    const judgements = probe.judge(outcomes.get(probe) as Outcome)
    // Before the policies exist only one thing can be wrong: that somebody gets through.
    return { probe, judgements: stage.access === 'open' ? judgements : judgements.filter(({ expected, observed }) => observed && !expected) }
  })
}

export function disagrees({ expected, observed, complaint }: Answer['judgements'][number]): boolean {
  return expected !== observed || complaint !== undefined
}

async function readState(session: Session, { table }: Subject): Promise<Map<string, RowState>> {
  const { rows } = await session.query<RowState & { key: string }>(stateQuery(table))
  return new Map(rows.map(({ key, ...state }) => [key, state]))
}
