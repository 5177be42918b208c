/** Sends the probes of every table at one moment of the rollout. */
import type { Session } from '../../postgres/session.ts'
import { refusalOf } from '../proof-error.ts'
import { isClient } from './identity.ts'
import { type Answer, type Matrix, mergeAnswers } from './merge.ts'
import type { Prepared } from './prepare.ts'
import type { Probe } from './probe.ts'
import { type RowState, run } from './runner.ts'
import type { ShapeContext } from './shapes/context.ts'
import { shapes } from './shapes/index.ts'
import { oracleProbes } from './shapes/oracles.ts'
import { type Subject, may, stateQuery } from './subject.ts'

/**
 * `closed`: before the policies exist; clients get nothing, and whether the service gets anything already is left open.
 * `open`: access is what the spec says.
 */
export interface Stage {
  access: 'closed' | 'open'
  /** Every shape, or the few that notice access which is too wide. */
  probes: 'all' | 'wide'
}

export interface StageResult {
  matrices: Matrix[]
  /** Tables whose rows the database took before and refuses now. */
  open: string[]
  probes: number
}

const wideShapes = new Set(['all rows', 'blind', 'plain', 'truncate', 'blind, refused'])

/** Everything happens in one transaction that is rolled back. */
export async function proveTables(session: Session, prepared: Prepared, stage: Stage): Promise<StageResult> {
  const result: StageResult = { matrices: [], open: [], probes: 0 }
  await session.query('begin')
  try {
    await session.query(prepared.world)
    for (const { subject, strangers, script } of prepared.tables) {
      await session.query('savepoint access_table')
      const refusal = script === '' ? null : await session.query(script).then(() => null, refusalOf)
      if (refusal !== null) {
        result.open.push(`${subject.table.schema}.${subject.table.name}: its rows are refused now: ${refusal}`)
        await session.query('rollback to savepoint access_table')
        continue
      }
      const context: ShapeContext = { subject, before: await readState(session, subject), allows: allowsAt(stage, subject) }
      const probes = [...shapes.flatMap((shape) => shape(context)), ...oracleProbes(context, strangers)].filter(
        ({ shape }) => stage.probes === 'all' || wideShapes.has(shape) || subject.plan.functions.some(({ name }) => name.name === shape),
      )
      result.matrices.push(mergeAnswers(subject, await ask(session, subject, probes, stage), context.allows))
      result.probes += probes.length
      await session.query('release savepoint access_table')
    }
    return result
  } finally {
    await session.query('rollback')
  }
}

function allowsAt(stage: Stage, subject: Subject): ShapeContext['allows'] {
  return (verb, identity, facts) => (stage.access === 'open' || !isClient(identity)) && may(subject, verb, identity, facts)
}

async function ask(session: Session, subject: Subject, probes: readonly Probe[], stage: Stage): Promise<Answer[]> {
  const outcomes = await run(session, probes, stateQuery(subject.table))
  return probes.map((probe, index) => {
    const outcome = outcomes[index]
    if (!outcome) throw new Error(`No outcome for ${probe.sql}`)
    const judgements = probe.judge(outcome)
    // Before the policies exist only one thing can be wrong: that somebody gets through.
    return { probe, judgements: stage.access === 'open' ? judgements : judgements.filter(({ expected, observed }) => observed && !expected) }
  })
}

async function readState(session: Session, { table }: Subject): Promise<Map<string, RowState>> {
  const { rows } = await session.query<RowState & { key: string }>(stateQuery(table))
  return new Map(rows.map(({ key, ...state }) => [key, state]))
}
