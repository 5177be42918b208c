/** How many rows a table has: as declared, or as what refers to it lets expect. */
import { type Catalog, findTable } from '../../design/catalog.ts'
import type { ScaleMoment } from '../../design/evidence.ts'
import type { MeasuredTable } from '../../design/measured.ts'
import type { Plan } from '../../design/plan.ts'
import type { ScaleSpec } from '../../design/scale-spec.ts'
import type { QualifiedName } from '../../sql/identifier.ts'

export interface TableRows {
  rows: number
  /** What was taken for granted; null when the spec declares it. */
  assumed: string | null
}

const unknown = 100_000
const membersOfOrganization = 50

export function rowsAt(plan: Plan, catalog: Catalog, table: QualifiedName, at: ScaleMoment): TableRows {
  const scale = declaredScale(plan, table)
  const share = at === 'launch' ? 0 : at === 'horizon' ? 1 : at
  const grown = scale ? scale.growthPerDay * plan.spec.horizon.days * share : 0
  if (scale) return { rows: Math.max(1, scale.rows + grown), assumed: null }
  const measured = measuredTable(catalog, table)
  if (measured) return { rows: Math.max(1, measured.rows), assumed: null }
  const referenced = largestReference(plan, table)
  if (referenced) return { rows: referenced.rows, assumed: `${referenced.rows} rows, as many as ${referenced.by} refers to` }
  const { tenancy } = plan.spec
  if (tenancy.model === 'organization' && isSame(tenancy.memberships.table, table) && !isSame(tenancy.organizations, table)) {
    const organizations = rowsAt(plan, catalog, tenancy.organizations, at).rows
    return { rows: organizations * membersOfOrganization, assumed: `${organizations * membersOfOrganization} rows, ${membersOfOrganization} for each organisation` }
  }
  return { rows: unknown, assumed: `${unknown} rows, for the spec says nothing of it` }
}

/** What the spec says of a new table, or of one that is there already. */
export function declaredScale(plan: Plan, table: QualifiedName): ScaleSpec | null {
  const scale = plan.tables.find((one) => isSame(one.table, table))?.table.scale ?? plan.spec.existing.find((one) => isSame(one.table, table))?.scale
  return scale?.declared ? scale : null
}

export function measuredTable(catalog: Catalog, table: QualifiedName): MeasuredTable | null {
  return catalog.measured?.find((one) => isSame(one, table)) ?? null
}

/** The most values that a declared column has which refers to the table: so many rows it has at least. */
function largestReference(plan: Plan, table: QualifiedName): { rows: number; by: string } | null {
  let largest: { rows: number; by: string } | null = null
  for (const { table: child, foreignKeys } of plan.tables) {
    for (const key of foreignKeys.filter(({ references }) => isSame(references.table, table))) {
      const column = key.columns.filter((name) => key.columns.length === 1 || name !== child.tenantColumn).at(-1) ?? ''
      const rows = child.scale.distinct[column]
      if (rows !== undefined && rows > (largest?.rows ?? 0)) largest = { rows, by: `${child.name}.${column}` }
    }
  }
  return largest
}

/** Rows of the table that a column refers to; null when it refers to none, or to its tenant only as part of a longer key. */
export function parentRows(keys: readonly { columns: string[]; parent: QualifiedName }[], column: string, plan: Plan, catalog: Catalog, at: ScaleMoment): { rows: number; launch: number } | null {
  const key = keys.find(({ columns }) => columns.length === 1 && columns[0] === column) ?? keys.find(({ columns }) => columns.at(-1) === column)
  if (!key || (!findTable(catalog, key.parent.schema, key.parent.name) && !plan.tables.some((one) => isSame(one.table, key.parent)))) return null
  return { rows: rowsAt(plan, catalog, key.parent, at).rows, launch: rowsAt(plan, catalog, key.parent, 'launch').rows }
}

function isSame(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name
}
