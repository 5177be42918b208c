/** How large each table is at launch and at the horizon: new ones, and those of the repository that the spec says it of. */
import type { Catalog } from '../../design/catalog.ts'
import type { Plan, TablePlan } from '../../design/plan.ts'
import { code, table } from './markdown.ts'
import { bytes, count, growth } from './quantity.ts'
import { designScale } from '../../planner/scale/design-scale.ts'
import { type TableScale, scalePoints } from '../../planner/scale/table-scale.ts'
import { estimateTable, heapBytes } from '../../planner/size-model.ts'
import { nameOf } from '../../planner/table-indexes.ts'

export function scaleTable(plan: Plan, catalog: Catalog): string {
  const horizon = plan.spec.horizon.text
  return table(
    ['table', 'rows at launch', 'growth', `rows after ${horizon}`, 'bytes of a row', 'table + indexes at launch', `table + indexes after ${horizon}`],
    [...plan.tables.map((planned) => newRow(planned, plan, catalog)), ...plan.spec.existing.map((existing) => existingRow(existing, plan, catalog))],
  )
}

function newRow(planned: TablePlan, plan: Plan, catalog: Catalog): string[] {
  const size = estimateTable(plan, planned, catalog)
  const { scale } = planned.table
  return [
    code(nameOf(planned.table)),
    count(size.rows.launch),
    growth(scale),
    count(size.rows.horizon),
    scale.rowBytes === null ? `${size.rowBytes} (from the types)` : String(size.rowBytes),
    `${bytes(size.heap.launch)} + ${bytes(size.total.launch - size.heap.launch)}`,
    `${bytes(size.heap.horizon)} + ${bytes(size.total.horizon - size.heap.horizon)}`,
  ]
}

/** Its indexes are not of this design. */
function existingRow({ table: name, scale }: Plan['spec']['existing'][number], plan: Plan, catalog: Catalog): string[] {
  const [launch, horizon] = scalePoints.map((at) => designScale(plan, catalog, [name], at).tables[0])
  const rows = (found: TableScale | undefined) => count(found?.rows ?? scale.rows)
  const heap = (found: TableScale | undefined) => (found ? `${bytes(heapBytes(found))} + its indexes` : '')
  const width = scale.rowBytes === null ? `${launch?.rowBytes ?? 0} (from the types)` : String(scale.rowBytes)
  return [`${code(nameOf(name))} (there already)`, rows(launch), growth(scale), rows(horizon), width, heap(launch), heap(horizon)]
}
