import type { QuerySpec } from '../../design/spec.ts'
import type { Plan } from '../../design/plan.ts'
import { type AdviceRule, instead } from './proposal.ts'

/** What the planner takes a list to have when it knows nothing of it. */
export const listed = 10

/** A query for each row of another query's page: N+1 requests, where a list of keys would be one. */
export const oneRequest: AdviceRule = {
  id: 'one-request',
  propose: (context) => {
    const { query: { query, search } } = context
    const found = parentOf(query, context.plan)
    if (!found || search || query.page.kind !== 'none') return []
    const where = query.where.map((condition) => ('column' in condition && condition.column === found.column ? { ...condition, operator: 'in' as const } : condition))
    return [
      instead(context, { ...query, where }, {
        says: `${query.name} runs as often as if it were sent for each row of a page of ${found.parent.name}. Each is a request with its round trip; for ${listed} keys at once it is one.`,
        remedy: `Write: ${found.column} in, instead of ${found.column} =, and send the keys of the page. A request for each row is right where the pages are rarely opened: then lower its rate.`,
        runs: listed,
        // The requests are saved; the plan must not be dearer for it.
        factor: 0.9,
      }),
    ]
  },
}

/** The query whose pages have so many rows that this one may be asked for each, and the column that names the row. */
export function parentOf(query: QuerySpec, plan: Plan): { parent: QuerySpec; column: string } | null {
  const table = plan.tables.find((one) => one.table.schema === query.table?.schema && one.table.name === query.table.name)
  const compared = query.where.flatMap((condition) => ('column' in condition && condition.operator === '=' ? [condition.column] : []))
  for (const key of table?.foreignKeys ?? []) {
    const [column, ...others] = key.columns.filter((name) => name !== table?.table.tenantColumn)
    if (column === undefined || others.length > 0 || !compared.includes(column)) continue
    const parent = plan.spec.queries.find((one) => one.page.kind !== 'none' && one.as === query.as && one.table?.schema === key.references.table.schema && one.table.name === key.references.table.name)
    const size = parent && parent.page.kind !== 'none' ? parent.page.size : 0
    if (parent && size > 1 && parent.perSecond !== null && query.perSecond !== null && query.perSecond >= (parent.perSecond * size) / 2) return { parent, column }
  }
  return null
}
