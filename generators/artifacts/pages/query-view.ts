/** A declared query with the plan that was seen, and what a reviewer should know about it. */
import type { Evidence } from '../../design/evidence.ts'
import type { QueryPlan } from '../../design/plan.ts'
import { bullets, code, codes, counted, fence, listed, prose } from './markdown.ts'
import { count, rate } from './quantity.ts'

type Observed = Evidence['plans']['queries'][number]

export interface QueryView {
  name: string
  facts: string
  sql: string
  /** Empty when no plan was seen. */
  plan: string
  planSays: string
  warnings: string
}

export function queryView(query: QueryPlan, observed: Observed | undefined): QueryView {
  const { name, as, perSecond } = query.query
  return {
    name,
    facts: [`as ${code(as)}`, ...(perSecond === null ? [] : [rate(perSecond)]), page(query), ...parameters(query)].filter(Boolean).join(' · '),
    sql: fence('sql definition', query.sql),
    plan: observed ? fence('text', observed.plan.join('\n')) : '',
    planSays: observed ? planSays(query, observed) : 'No plan of it was seen.',
    warnings: bullets(query.warnings.map(prose)),
  }
}

function page({ query }: QueryPlan): string {
  if (query.page.kind === 'none') return ''
  return query.page.kind === 'keyset' ? `keyset pages of ${query.page.size}` : `offset pages of ${query.page.size}, down to row ${count(query.page.deepest)}`
}

function parameters(query: QueryPlan): string[] {
  const named = query.parameters.map(({ column, type, role }, place) => `${code(`$${place + 1}`)} ${column === null || column === '' ? (role === 'offset' ? 'offset' : '') : code(column)} ${type}`.replace(/ {2,}/g, ' '))
  return named.length === 0 ? [] : [named.join(', ')]
}

/** Expected and seen, with the number of rows that were there: a plan over few rows says little about many. */
function planSays(query: QueryPlan, observed: Observed): string {
  const rows = Object.entries(observed.rows).map(([table, amount]) => `${count(amount)} rows in ${code(table)}`)
  return [
    `Expected: ${query.index === null ? 'no index can serve it' : code(query.index)}. Seen: ${observed.indexes.length > 0 ? codes(observed.indexes) : 'no index'}${observed.sequentialScans.length > 0 ? `, sequential scan of ${codes(observed.sequentialScans)}` : ''}${observed.subPlans > 0 ? `, ${counted(observed.subPlans, 'SubPlan')} that run${observed.subPlans === 1 ? 's' : ''} for each row` : ''}.`,
    ...(rows.length > 0 ? [`Planned with ${listed(rows)}.`] : []),
  ].join(' ')
}

/** True when the index that the design counts on is in the plan, and nothing is read from end to end. */
export function isServed(query: QueryPlan, observed: Observed | undefined): boolean {
  return observed !== undefined && observed.sequentialScans.length === 0 && (query.index === null || observed.indexes.includes(query.index))
}
