/** What each read costs so far: its index, what that weighs, and what a write pays. Figures are a model until the proof. */
import { bytes, count, rate } from '../../artifacts/pages/quantity.ts'
import type { Catalog } from '../../design/catalog.ts'
import type { Plan, QueryPlan } from '../../design/plan.ts'
import { estimateTable } from '../../planner/size-model.ts'
import type { TableSize } from '../../planner/size-model.ts'
import { tableIndexes } from '../../planner/table-indexes.ts'
import type { Terminal } from '../terminal.ts'
import { wrap } from '../wrap.ts'

type Look = Pick<Terminal, 'style' | 'width'>

/** A line for each query. Sizes are there once somebody said how many rows there will be. */
export function previewReads(plan: Plan, catalog: Catalog, { style, width }: Look): string {
  const isKnown = plan.tables.every(({ table }) => table.scale.declared)
  const sizes = isKnown ? plan.tables.map((table) => estimateTable(plan, table, catalog)) : []
  return plan.queries.flatMap((planned) => {
    const often = planned.query.perSecond === null ? '' : ` ${style.dim(rate(planned.query.perSecond))}`
    return [
      wrap(`  ${planned.query.name}${often}  ${indexWords(planned, sizes, plan)}`, width, 4),
      ...planned.warnings.map((warning) => style.yellow(wrap(`    ${warning}`, width))),
    ]
  }).join('\n')
}

/** `10k rows, 2.1 MB; in 3 years 46k rows, 9.6 MB. An insert writes 5 indexes.` */
export function sizeWords({ rows, total, indexes }: TableSize, { spec }: Plan): string {
  const written = `${indexes.length} ${indexes.length === 1 ? 'index' : 'indexes'}`
  return `${count(rows.launch)} rows, ${bytes(total.launch)}; in ${spec.horizon.text} ${count(rows.horizon)} rows, ${bytes(total.horizon)}. An insert writes ${written}.`
}

function indexWords({ index, query }: QueryPlan, sizes: readonly TableSize[], plan: Plan): string {
  if (index === null) return query.sql === null ? 'no index of this design serves it; the proof shows its plan' : 'given as SQL: the proof shows its plan'
  const found = plan.tables.flatMap((table) => tableIndexes(plan, table)).find(({ name }) => name === index)
  if (!found) return index
  const size = sizes.flatMap(({ indexes }) => indexes).find((one) => one.index.name === index)
  const weight = size ? `, ${size.upperBound ? 'at most ' : ''}${bytes(size.bytes.horizon)} in ${plan.spec.horizon.text}` : ''
  return `${found.method} (${found.columns.join(', ')})${weight}`
}
