import { findPlanned } from '../scale/design-scale.ts'
import { queriedTable } from '../queries.ts'
import { rowsAt } from '../scale/table-rows.ts'
import { type AdviceRule, instead } from './proposal.ts'

export const pageSize = 100
/** Below, everything is a page. */
export const many = 10_000

/** No page and no equality: the answer grows with the table. */
export const boundedPage: AdviceRule = {
  id: 'bounded-page',
  propose: (context) => {
    const { query: { query }, plan, catalog } = context
    const { table, page, where } = query
    const read = table && queriedTable(plan.spec, catalog, table.schema, table.name)
    if (!table || !read || page.kind !== 'none' || read.primaryKey.length === 0 || where.some((condition) => 'column' in condition && ['=', 'in'].includes(condition.operator))) return []
    const rows = findPlanned(plan, table) ? rowsAt(plan, catalog, table, 'horizon').rows : 0
    const orderBy = query.orderBy.length > 0 ? query.orderBy : read.primaryKey.map((column) => ({ column, direction: 'asc' as const, nulls: null }))
    const isPosition = new Set(orderBy.map(({ direction }) => direction)).size === 1 && orderBy.every(({ column }) => read.columns.some(({ name, nullable }) => name === column && !nullable))
    if (rows < many || !isPosition) return []
    return [
      instead(context, { ...query, orderBy, page: { kind: 'keyset', size: pageSize } }, {
        says: `${query.name} has no page and no equality: the number of rows that it returns grows with the table.`,
        remedy: `Add: page: keyset ${pageSize}${query.orderBy.length > 0 ? '' : `, and order_by: ${orderBy.map(({ column }) => column).join(', ')}`}`,
        factor: 2,
      }),
    ]
  },
}
