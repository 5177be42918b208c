/** What would be better, with both plans. */
import type { Advice } from '../../design/advice.ts'
import { code, fence, prose } from './markdown.ts'
import { count } from './quantity.ts'

export interface AdviceView {
  heading: string
  says: string
  sql: string
  instead: string
  ddl: string
  before: string
  after: string
}

export function adviceViews(advice: readonly Advice[] = []): AdviceView[] {
  return advice.map(({ id, query, says, remedy, sql, instead, ddl, runs, before, after }) => ({
    heading: `${code(query)}: ${id.replaceAll('-', ' ')}`,
    says: `${prose(says)} ${prose(remedy)}. Cost ${count(before.cost)}${runs > 1 ? ` for ${runs} requests` : ''} → ${count(after.cost)}.`,
    sql: fence('sql definition', sql),
    instead: instead === undefined ? '' : fence('sql definition', `${instead};`),
    ddl: ddl.length > 0 ? fence('sql definition', ddl.map((statement) => `${statement};`).join('\n')) : '',
    before: fence('text', before.plan.join('\n')),
    after: fence('text', after.plan.join('\n')),
  }))
}
