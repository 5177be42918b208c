/** How large each new table is at launch and at the horizon. */
import type { Catalog } from '../../design/catalog.ts'
import type { Plan } from '../../design/plan.ts'
import { code, table } from './markdown.ts'
import { bytes, count, growth } from './quantity.ts'
import { estimateTable } from '../../planner/size-model.ts'
import { nameOf } from '../../planner/table-indexes.ts'

export function scaleTable(plan: Plan, catalog: Catalog): string {
  const horizon = plan.spec.horizon.text
  return table(
    ['table', 'rows at launch', 'growth', `rows after ${horizon}`, 'bytes of a row', 'table + indexes at launch', `table + indexes after ${horizon}`],
    plan.tables.map((planned) => {
      const size = estimateTable(plan, planned, catalog)
      const { scale } = planned.table
      const width = scale.rowBytes === null ? `${size.rowBytes} (from the types)` : String(size.rowBytes)
      return [
        code(nameOf(planned.table)),
        count(size.rows.launch),
        growth(scale),
        count(size.rows.horizon),
        width,
        `${bytes(size.heap.launch)} + ${bytes(size.total.launch - size.heap.launch)}`,
        `${bytes(size.heap.horizon)} + ${bytes(size.total.horizon - size.heap.horizon)}`,
      ]
    }),
  )
}
