import { composedName, identList, qualified } from '../../sql/identifier.ts'
import { findPlanned } from '../scale/design-scale.ts'
import { tableIndexes } from '../table-indexes.ts'
import { queryStatement } from '../workload.ts'
import { type AdviceContext, type AdviceRule, asked } from './proposal.ts'

/** Shares of columns that hang together are multiplied as if they did not: the planner expects far fewer rows than there are. */
export const extendedStatistics: AdviceRule = {
  id: 'extended-statistics',
  propose: (context) => {
    const { query, plan, catalog } = context
    const { table, name } = query.query
    const compared = queryStatement(query, plan, catalog).equal.find((one) => table && one.table.schema === table.schema && one.table.name === table.name)
    const found = compared && !query.search ? dependence(compared.columns, context) : null
    if (!table || !compared || !found) return []
    const { columns, because } = found
    const now = { ...asked(query.query, plan.spec, catalog), once: null }
    return [
      {
        query: query.query, index: null, runs: 1, factor: 10, informs: true, changed: null, before: now, after: { ...now, dependent: [{ ...compared, columns }] },
        says: `${because} Postgres multiplies the shares of ${columns.join(' and ')} as if one said nothing of the other, and expects too few rows of ${name}. The first plan and cost are what it takes them for; the second, what they are where the columns hang together, which is what it knows once the statistics are gathered.`,
        remedy: 'Make them in a migration of your own, and analyze the table when it has rows',
        ddl: [`create statistics ${qualified({ schema: table.schema, name: composedName([table.name, ...columns], 'stats') })} (ndistinct, dependencies) on ${identList(columns)} from ${qualified(table)}`],
      },
    ]
  },
}

/** Counts show nothing: a table of many to many has fewer rows than pairs. A key shows it. Of unique keys the planner knows. */
function dependence(compared: readonly string[], { query: { query }, plan }: AdviceContext): { columns: string[]; because: string } | null {
  const planned = query.table && findPlanned(plan, query.table)
  const tenant = planned?.table.tenantColumn ?? null
  if (!planned || tenant === null || !compared.includes(tenant) || !planned.table.scale.declared) return null
  if (tableIndexes(plan, planned).some((index) => index.kind !== 'index' && index.where === null && index.columns.every((column) => compared.includes(column)))) return null
  for (const { columns: key, tenantScoped, name } of planned.foreignKeys) {
    const [by, ...others] = key.filter((column) => column !== tenant)
    if (tenantScoped && by !== undefined && others.length === 0 && compared.includes(by)) return { columns: [tenant, by], because: `A value of ${by} belongs to one ${tenant}: the foreign key ${name} keeps them together.` }
  }
  return null
}
