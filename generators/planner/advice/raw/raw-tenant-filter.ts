import { ident } from '../../../sql/identifier.ts'
import { withCondition } from '../../../sql/select-text.ts'
import { queriedTable } from '../../queries.ts'
import type { AdviceRule } from '../proposal.ts'
import { insteadRaw, rawSelect } from './raw-select.ts'

/** The policy limits the rows to the tenants of the caller, a list: only one tenant gives an order out of an index. */
export const rawTenantFilter: AdviceRule = {
  id: 'tenant-filter',
  propose: (context) => {
    const { query: { query }, plan: { spec }, catalog } = context
    const select = rawSelect(context)
    if (!select || select.isAggregate || spec.tenancy.model !== 'organization' || query.as === 'service_role') return []
    const scoped = select.scans.flatMap(({ table, where }, place) => {
      const column = table ? (queriedTable(spec, catalog, table.schema, table.name)?.tenantColumn ?? null) : null
      return column === null ? [] : [{ column, scan: select.scans[place], alias: select.aliases[place] ?? '', isFiltered: where.some((condition) => ('column' in condition ? condition.column === column : condition.columns.includes(column))) }]
    })
    const [first] = scoped
    if (!first || scoped.some(({ isFiltered }) => isFiltered)) return []
    const condition = `${ident(first.alias)}.${ident(first.column)} = $${select.parameters + 1}`
    return [
      insteadRaw(context, withCondition(select.text, condition), {
        ...(first.scan ? { scan: { ...first.scan, where: [{ column: first.column, operator: '=' as const }, ...first.scan.where] } } : {}),
        says: `${query.name} does not say which ${first.column} it is about: the policy lets the rows of all of the caller's tenants through, and no index gives those in one order.`,
        remedy: `Add to its where: ${condition}`,
        factor: 1.5,
      }),
    ]
  },
}
