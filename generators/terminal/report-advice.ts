/** The indexes of a workload, for a person. */
import { bytes, count, rate } from '../artifacts/pages/quantity.ts'
import { measuredSentence, settingsSentence } from '../artifacts/pages/scale-words.ts'
import type { AdvisedIndex, AdvisedStatement, WorkloadAdvice } from '../planner/workload-file/advice.ts'
import type { Terminal } from './terminal.ts'
import { wrap } from './wrap.ts'

type Painter = Pick<Terminal, 'style' | 'width'>

export function formatAdvice(advice: WorkloadAdvice, { server, notes }: { server: string; notes: readonly string[] }, painter: Painter): string {
  const { style, width } = painter
  const { statements, indexes, blocked, superfluous, total, rooms, tried } = advice
  return [
    style.bold(`${statements.length} statements, planned by Postgres ${server}`),
    wrap(`Cost ${count(total.before)} → ${count(total.after)} a second${times(total)}, with ${indexes.length} indexes of ${bytes(total.bytes)}. ${tried.candidates} candidates, ${tried.plans} plans.`, width, 2),
    ...(rooms.length > 0 ? [wrap(`With less room: ${rooms.map((room) => `in ${bytes(room.bytes)} the whole costs at most ${ratio(room.workload)} times as much`).join(', ')}. --budget sets it.`, width, 2)] : []),
    ...notes.map((note) => style.yellow(wrap(note, width, 2))),
    '',
    style.bold('Statements'),
    ...statements.map((one) => formatStatement(one, painter)),
    ...(indexes.length > 0 ? ['', style.bold('Indexes'), ...indexes.flatMap((one) => formatIndex(one, painter))] : []),
    ...(blocked.length > 0 ? ['', style.bold('In vain'), ...blocked.map(({ index, statement, because }) => wrap(`  ${index}, for ${statement}: ${because}`, width, 4))] : []),
    ...formatSuperfluous(superfluous, painter),
    '',
    style.dim(wrap(settingsSentence(), width)),
    style.dim(wrap(measuredSentence(), width)),
  ].join('\n')
}

/** A new index that widens one says so itself; here is what may go without a new one, and when. */
function formatSuperfluous(superfluous: WorkloadAdvice['superfluous'], { style, width }: Painter): string[] {
  if (superfluous.length === 0) return []
  const isSure = ({ kind }: (typeof superfluous)[number]) => kind === 'widened' || kind === 'redundant'
  const shown = (list: typeof superfluous) => list.flatMap(({ because, sql }) => [`  ${sql}`, style.dim(wrap(`    ${because}`, width, 2))])
  const [sure, others] = [superfluous.filter(isSure), superfluous.filter((one) => !isSure(one))]
  return [
    ...(sure.length > 0 ? ['', style.bold('Another index begins with their keys'), wrap('  Drop them when that one is there and valid.', width, 2), ...shown(sure)] : []),
    ...(others.length > 0 ? ['', style.bold('There, and not needed by the workload'), wrap('  True where the workload is all that runs. Ask production before: idx_scan in pg_stat_user_indexes, on each replica.', width, 2), ...shown(others)] : []),
  ]
}

function formatStatement({ name, as, perSecond, cost, indexes, sequentialScans, refused }: AdvisedStatement, { style, width }: Painter): string {
  if (cost === null) return wrap(`  ${style.bold(name)} ${style.red(`is refused: ${refused}`)}`, width, 4)
  const read = [...indexes, ...sequentialScans.map((table) => `all of ${table}`)].join(', ') || 'nothing'
  return wrap(`  ${style.bold(name)} ${rate(perSecond)}${as === 'postgres' ? '' : ` as ${as}`}: ${count(cost.before)} → ${count(cost.after)}${times(cost)}; reads ${read}`, width, 4)
}

function formatIndex({ sql, rule, serves, bytes: size, microsecondsPerInsert, without, nearest }: AdvisedIndex, { style, width }: Painter): string[] {
  const times = (value: number) => `${ratio(value)} times as much`
  const loss = without.statement === null ? 'no statement costs more without it, a key needs it' : `without it ${without.statement} costs ${times(without.ratio)}, the whole workload at most ${times(without.workload)}`
  const other = nearest === null ? 'nothing else would do in its place' : `nearest in its place: ${nearest.index}, the whole ${nearest.workload > 1.0005 ? `at most ${times(nearest.workload)}` : 'the same'}`
  return [
    wrap(`  ${sql}`, width, 4),
    style.dim(wrap(`    ${rule}; serves ${serves.join(', ') || 'nothing'}`, width, 2)),
    style.dim(wrap(`    ${bytes(size)}, ${microsecondsPerInsert.toFixed(1)} µs for each insert; ${loss}; ${other}`, width, 2)),
  ]
}

function times({ before, after }: { before: number; after: number }): string {
  return after > 0 && before / after >= 1.1 ? `, ${count(before / after)} times less` : ''
}

function ratio(value: number): string {
  return value >= 10 ? count(value) : value.toFixed(value < 1.1 ? 3 : 2)
}
