/** Every table that a design makes or touches, at launch or at the horizon. */
import { type Catalog, type CatalogTable, findTable } from '../../design/catalog.ts'
import type { Assumption, ScaleMoment } from '../../design/evidence.ts'
import type { Plan, TablePlan } from '../../design/plan.ts'
import type { ScaleSpec } from '../../design/scale-spec.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import { type ColumnFacts, columnScale } from './column-scale.ts'
import { varyingShare } from './column-width.ts'
import { tupleBytes } from './row-layout.ts'
import { existingColumns, plannedColumns } from './column-facts.ts'
import { spokenValues } from './spoken-values.ts'
import { measuredScale } from './measured-scale.ts'
import { declaredScale, measuredTable, rowsAt } from './table-rows.ts'
import type { TableScale } from './table-scale.ts'

export interface DesignScale {
  tables: TableScale[]
  assumptions: Assumption[]
}

/** Tables that neither the plan nor the catalog knows are left out. */
export function designScale(plan: Plan, catalog: Catalog, names: readonly QualifiedName[], at: ScaleMoment): DesignScale {
  const assumptions: Assumption[] = []
  const spoken = spokenValues(plan)
  const tables = names.flatMap((name): TableScale[] => {
    const planned = findPlanned(plan, name)
    const existing = findTable(catalog, name.schema, name.name)
    return planned || existing ? [tableScale(name, { plan, catalog, at, planned, existing, spoken, assumptions })] : []
  })
  return { tables, assumptions }
}

interface Subject {
  plan: Plan
  catalog: Catalog
  at: ScaleMoment
  planned: TablePlan | undefined
  existing: CatalogTable | undefined
  spoken: readonly string[]
  assumptions: Assumption[]
}

function tableScale({ schema, name }: QualifiedName, { plan, catalog, at, planned, existing, spoken, assumptions }: Subject): TableScale {
  const table = { schema, name }
  const measured = planned ? null : measuredTable(catalog, table)
  const declared = declaredScale(plan, table)
  const size = rowsAt(plan, catalog, table, at)
  const launchRows = rowsAt(plan, catalog, table, 'launch').rows
  const assume = (columns: string[], says: string) => addAssumption(assumptions, `${schema}.${name}`, columns, says)
  if (size.assumed !== null) assume([], planned ? size.assumed : `${size.assumed}; its values by their types`)
  const scale = declared ?? planned?.table.scale ?? undeclared
  const columns: ColumnFacts[] = planned ? plannedColumns(planned, plan, catalog, at) : existing ? existingColumns(existing, plan, catalog, at) : []
  const days = ageOf(scale, planned, size.rows, plan)
  const share = varyingShare(columns, scale)
  const isNoted = planned !== undefined || declared !== null
  const scaled = columns.map((column) => {
    const found = measured?.columns.find((one) => one.name === column.name)
    const modelled = columnScale(column, { scale, rows: size.rows, launchRows, days, share, spoken, assume: (one, says) => (isNoted && !found ? assume([one], says) : undefined) })
    return found ? measuredScale(modelled, found, size.rows) : modelled
  })
  return {
    ...table,
    rows: size.rows,
    tupleBytes: tupleBytes(scaled),
    rowBytes: scale.rowBytes ?? Math.round(scaled.reduce((total, { width, nullShare }) => total + width * (1 - nullShare), 0)),
    columns: scaled,
    measured,
  }
}

/** How long it takes to grow so large, and no longer than rows are kept. */
function ageOf({ growthPerDay }: ScaleSpec, planned: TablePlan | undefined, rows: number, plan: Plan): number {
  const grown = growthPerDay > 0 ? rows / growthPerDay : plan.spec.horizon.days
  return Math.max(1, Math.min(grown, planned?.table.retention?.keep.days ?? Infinity))
}

/** One line for all columns of a table of which the same is assumed. */
function addAssumption(assumptions: Assumption[], table: string, columns: string[], says: string): void {
  const found = assumptions.find((one) => one.table === table && one.says === says)
  if (found) found.columns.push(...columns.filter((column) => !found.columns.includes(column)))
  else assumptions.push({ table, columns, says })
}

export function findPlanned(plan: Plan, { schema, name }: QualifiedName): TablePlan | undefined {
  return plan.tables.find(({ table }) => table.schema === schema && table.name === name)
}

const undeclared: ScaleSpec = { rows: 0, growthPerDay: 0, rowBytes: null, distinct: {}, skew: {}, nulls: {}, correlation: {}, elements: {}, widths: {}, ranges: {}, declared: false }
