/** What a query costs where the shares of its conditions are others than Postgres takes them for: it reads by the plan that Postgres picks, and finds what there is. */
import { type ExplainOptions, type ExplainedStatement, type PlannedStatement, explainStatement } from '../explain.ts'
import type { DesignAtScale } from './design-database.ts'

/** The plan as the server picks it, with the cost of reading by its indexes where `distinct` and `relaxed` hold. */
export async function explainAsRead({ session, secondary }: Pick<DesignAtScale, 'session' | 'secondary'>, statement: PlannedStatement, options: ExplainOptions): Promise<ExplainedStatement> {
  const { distinct = [], relaxed = [], hidden = [], ...others } = options
  const picked = await explainStatement(session, statement, { ...others, hidden })
  if (distinct.length === 0 && relaxed.length === 0) return picked
  const unread = secondary.filter(({ name }) => !picked.indexes.includes(name))
  const { cost } = await explainStatement(session, statement, { ...others, distinct, relaxed, hidden: [...hidden, ...unread] })
  return { ...picked, cost }
}
