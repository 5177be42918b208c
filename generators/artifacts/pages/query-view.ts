/** A declared query with the plan that was seen, and what a reviewer should know about it. */
import type { Duration } from '../../design/duration.ts'
import type { Evidence } from '../../design/evidence.ts'
import type { QueryPlan } from '../../design/plan.ts'
import { isLeaky } from '../../planner/queries.ts'
import { growthChart, growthPoints } from './growth.ts'
import { bullets, code, codes, counted, fence, prose, table } from './markdown.ts'
import { planTree } from './plan-tree.ts'
import { count, rate } from './quantity.ts'
import { arrow, expectedCost, timesLess } from './scale-words.ts'

type Observed = Evidence['plans']['queries'][number]

export interface QueryView {
  name: string
  facts: string
  sql: string
  /** At the horizon, with the indexes of the design and without; empty when no plan was seen. */
  plan: string
  before: string
  scale: string
  chart: string
  /** What it would be without its function. */
  direct: string
  planSays: string
  warnings: string
}

export function queryView(query: QueryPlan, observed: Observed | undefined, horizon: Duration): QueryView {
  const last = observed?.atScale.at(-1)
  const { name, as, perSecond } = query.query
  return {
    name,
    facts: [`as ${code(as)}`, ...(query.search ? [`through ${code(`${query.search.name.schema}.${query.search.name.name}`)}`] : []), ...(perSecond === null ? [] : [rate(perSecond)]), page(query), ...parameters(query)].filter(Boolean).join(' · '),
    sql: query.search ? `${fence('sql definition', query.search.call)}\n\nThe function runs this with the rights of its owner, the rule of SELECT among the conditions:\n\n${fence('sql definition', query.sql)}` : fence('sql definition', query.sql),
    plan: last ? planTree(last.lines) : '',
    // The same plan twice says less than once.
    before: last && last.planBefore.join('\n') !== last.plan.join('\n') ? planTree(last.linesBefore) : '',
    direct: last?.direct ? directSays(last.direct) : '',
    scale: observed ? scaleTable(observed, horizon) : '',
    chart: observed ? growthChart(observed, horizon) : '',
    planSays: observed ? planSays(query, observed, horizon) : 'No plan of it was seen.',
    warnings: bullets(query.warnings.map((warning) => prose(openWarnings(query, observed).includes(warning) ? warning : `${warning} Few rows are left for it: nothing to do at this size.`))),
  }
}

/** The planner's units of a few hundred rows: below, nobody waits for it. */
const felt = 100

/** Those that a reader has to decide about. A condition that filters after the policy matters where many rows are left for it. */
export function openWarnings(query: QueryPlan, observed: Observed | undefined): string[] {
  const last = observed?.atScale.at(-1)
  const isCheap = last !== undefined && [expectedCost(last).after, last.dense.after, ...last.withValues.map(({ cost }) => cost)].every((cost) => cost < felt)
  return isCheap ? query.warnings.filter((warning) => !isLeaky(warning)) : query.warnings
}

function page({ query }: QueryPlan): string {
  if (query.page.kind === 'none') return ''
  return query.page.kind === 'keyset' ? `keyset pages of ${query.page.size}` : `offset pages of ${query.page.size}, down to row ${count(query.page.deepest)}`
}

function parameters(query: QueryPlan): string[] {
  const named = query.parameters.map(({ column, type, role }, place) => `${code(`$${place + 1}`)} ${column === null || column === '' ? (role === 'offset' ? 'offset' : '') : code(column)} ${type}`.replace(/ {2,}/g, ' '))
  return named.length === 0 ? [] : [named.join(', ')]
}

/** Expected, and seen at launch and at the horizon where they differ. */
function planSays(query: QueryPlan, observed: Observed, horizon: Duration): string {
  const last = observed.atScale.at(-1)
  const [first, then] = [seenIn(observed), last ? seenIn(last) : '']
  const seen = then === '' || first === then ? `Seen: ${first}` : `Seen at launch: ${first}. Seen after ${horizon.text}: ${then}`
  return `Expected: ${query.index === null ? 'no index' : code(query.index)}. ${seen}.`
}

function seenIn({ indexes, sequentialScans, subPlans }: Pick<Observed, 'indexes' | 'sequentialScans' | 'subPlans'>): string {
  return `${indexes.length > 0 ? codes(indexes) : 'no index'}${sequentialScans.length > 0 ? `, sequential scan of ${codes(sequentialScans)}` : ''}${subPlans > 0 ? `, ${counted(subPlans, 'SubPlan')} that run${subPlans === 1 ? 's' : ''} for each row` : ''}`
}

function directSays({ plan, cost }: NonNullable<Observed['atScale'][number]['direct']>): string {
  const times = timesLess(cost)
  const says = times >= 1.1 ? `${count(times)} times the ${count(cost.after)} of the function` : `and the function ${count(cost.after)}: **it earns nothing here**, leave out \`through\``
  return `Asked by clients themselves, under the policies, it would cost ${count(cost.before)}, ${says}, where a tenant that is named twice counts once:\n\n${fence('text', plan.join('\n'))}`
}

/** A row for each point in time: how many rows there are, and what the plan costs without and with the design's indexes. */
function scaleTable(observed: Observed, horizon: Duration): string {
  const points = growthPoints(observed, horizon)
  const repeats = points.some(({ once }) => once !== null)
  return table(
    ['', 'rows', 'cost without the indexes of the design', 'with them', 'times less', ...(repeats ? ['what Postgres says'] : []), 'where its conditions hang together', 'for values'],
    points.map(({ label, cost, once, dense, seen }) => [
      label,
      seen ? Object.entries(seen.rows).map(([name, amount]) => `${count(amount)} in ${code(name)}`).join(', ') : '',
      count(expectedCost({ cost, once }).before),
      count(expectedCost({ cost, once }).after),
      timesLess(expectedCost({ cost, once })) >= 1.1 ? count(timesLess(expectedCost({ cost, once }))) : 'the same',
      ...(repeats ? [arrow(cost)] : []),
      arrow(dense),
      seen ? seen.withValues.map(({ values, cost: withValues, indexes }) => `${values}: ${count(withValues)}${indexes.join() === seen.indexes.join() ? '' : `, reads ${codes(indexes) || 'no index'}`}`).join('; ') : '',
    ]),
  )
}

/** True when the index that the design counts on is in the plan, and nothing is read from end to end. */
export function isServed(query: QueryPlan, observed: Observed | undefined): boolean {
  return observed !== undefined && observed.sequentialScans.length === 0 && (query.index === null || observed.indexes.includes(query.index))
}
