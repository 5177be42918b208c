import { findPlanned } from '../../scale/design-scale.ts'
import { rowsAt } from '../../scale/table-rows.ts'
import { withClause } from '../../../sql/select-text.ts'
import { many, pageSize } from '../bounded-page.ts'
import type { AdviceRule } from '../proposal.ts'
import { insteadRaw, rawSelect } from './raw-select.ts'

/** No limit and no equality on a large table: the answer grows with it. */
export const rawBoundedPage: AdviceRule = {
  id: 'bounded-page',
  propose: (context) => {
    const { query: { query }, plan, catalog } = context
    const select = rawSelect(context)
    if (!select || select.limit || select.isAggregate || select.text.clauses.for) return []
    const grown = select.scans.filter(({ table, where }) => table && findPlanned(plan, table) && rowsAt(plan, catalog, table, 'horizon').rows >= many && !where.some((condition) => !('column' in condition) || ['=', 'in'].includes(condition.operator)))
    // One table that is looked into by its key bounds them all.
    if (grown.length === 0 || grown.length < select.scans.length) return []
    return [
      insteadRaw(context, withClause(select.text, 'limit', `limit ${pageSize}`), {
        says: `${query.name} has no limit and compares nothing of ${grown.map(({ table }) => table?.name).join(' and ')} with one value: the number of rows that it returns grows with the table.`,
        remedy: `Add: limit ${pageSize}${select.text.clauses.order ? ', and go on behind the last row seen' : ', with an order by that ends in a key'}`,
        factor: 2,
      }),
    ]
  },
}
