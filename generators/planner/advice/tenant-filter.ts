import { queriedTable } from '../queries.ts'
import { type AdviceRule, instead } from './proposal.ts'

/** The policy limits the rows to the tenants of the caller, a list: only one tenant gives an order out of an index. */
export const tenantFilter: AdviceRule = {
  id: 'tenant-filter',
  propose: (context) => {
    const { query: { query, search }, plan: { spec }, catalog } = context
    const read = query.table && queriedTable(spec, catalog, query.table.schema, query.table.name)
    const column = read?.tenantColumn ?? null
    const isFiltered = query.where.some((condition) => 'column' in condition && condition.column === column)
    if (column === null || spec.tenancy.model !== 'organization' || query.as === 'service_role' || search || isFiltered) return []
    return [
      instead(context, { ...query, where: [{ column, operator: '=' }, ...query.where] }, {
        says: `${query.name} does not say which ${column} it is about: the policy lets the rows of all of the caller's tenants through, and no index gives those in one order.`,
        remedy: `Add to its where: ${column} =`,
        factor: 1.5,
      }),
    ]
  },
}
