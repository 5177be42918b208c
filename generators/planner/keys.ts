/** Unique keys scoped to the tenant, and foreign keys that cannot leave it. */
import { type Catalog, type CatalogTable, findTable } from '../design/catalog.ts'
import type { ForeignKeyPlan, TenantKeyPlan, UniquePlan } from '../design/plan.ts'
import type { ForeignKeySpec } from '../design/key-spec.ts'
import { type Spec, type TableSpec, scopeColumn } from '../design/spec.ts'
import { bracketed } from '../sql/bracketed.ts'
import { type QualifiedName, composedName } from '../sql/identifier.ts'

export interface Keys {
  uniques: Map<TableSpec, UniquePlan[]>
  foreignKeys: Map<TableSpec, ForeignKeyPlan[]>
  /** Existing parents that cannot be referenced together with their tenant yet. */
  tenantKeys: TenantKeyPlan[]
}

export function planKeys(spec: Spec, catalog: Catalog): Keys {
  const keys: Keys = { uniques: new Map(), foreignKeys: new Map(), tenantKeys: [] }
  for (const table of spec.tables) keys.uniques.set(table, table.uniques.map((unique) => planUnique(table, unique)))
  for (const table of spec.tables) {
    const planned = table.foreignKeys.map((key) => planForeignKey(key, table, spec, catalog, keys))
    keys.foreignKeys.set(table, [...planned, ...tenantReference(table, spec, planned)])
  }
  return keys
}

function planUnique(table: TableSpec, unique: TableSpec['uniques'][number]): UniquePlan {
  const scoped = scopeColumn(table)
  const scope = scoped !== null && !unique.global && !unique.columns.includes(scoped) ? [scoped] : []
  const live = table.softDelete === 'none' || holdsDeleted(table, unique.columns) ? null : 'deleted_at is null'
  const where = [unique.where && bracketed(unique.where), live].filter(Boolean).join(' and ') || null
  const columns = [...scope, ...unique.columns]
  return {
    name: composedName([table.name, ...columns], 'key'),
    columns,
    where,
    nullsNotDistinct: unique.nullsNotDistinct,
    kind: where === null ? 'constraint' : 'index',
    tenantScoped: scope.length > 0,
    forChildren: false,
  }
}

/**
 * Unique among deleted rows as well: what holds the primary key is anyway, and children may reference it; a stored object
 * outlives the mark of its row, so its key is not free again.
 */
function holdsDeleted(table: TableSpec, columns: readonly string[]): boolean {
  const origin = (name: string) => table.columns.find((column) => column.name === name)?.origin
  return table.primaryKey.every((column) => columns.includes(column)) || columns.some((name) => origin(name) === 'file')
}

function planForeignKey(key: ForeignKeySpec, table: TableSpec, spec: Spec, catalog: Catalog, keys: Keys): ForeignKeyPlan {
  const scope = sharedTenant(key, table, spec, catalog)
  if (scope === null) return { ...key, name: composedName([table.name, ...key.columns], 'fkey'), setNullColumns: null, tenantScoped: false }
  // The tenant leads, so that one index serves the policy, the foreign key and the queries of a tenant.
  const columns = [scope.child, ...key.columns]
  const referenced = [scope.parent, ...key.references.columns]
  ensureReferencable(key.references.table, referenced, spec, catalog, keys)
  return {
    ...key,
    name: composedName([table.name, ...columns], 'fkey'),
    columns,
    references: { table: key.references.table, columns: referenced },
    setNullColumns: key.onDelete === 'set null' ? key.columns : null,
    tenantScoped: true,
  }
}

/** The tenancy columns of both sides, when both have one and the key does not hold it already. */
function sharedTenant(key: ForeignKeySpec, table: TableSpec, spec: Spec, catalog: Catalog): { child: string; parent: string } | null {
  if (table.tenantColumn === null || key.columns.includes(table.tenantColumn) || spec.tenancy.model === 'none') return null
  const { table: target } = key.references
  const planned = spec.tables.find((candidate) => candidate.schema === target.schema && candidate.name === target.name)
  const parent = planned ? (planned.kind === 'row' ? planned.tenantColumn : null) : existingTenantColumn(findTable(catalog, target.schema, target.name), spec)
  return parent === null ? null : { child: table.tenantColumn, parent }
}

/** An existing table belongs to tenants when its column of that name references the organisations, or exists and is never null. */
function existingTenantColumn(table: CatalogTable | undefined, spec: Spec): string | null {
  if (!table || spec.tenancy.model === 'none') return null
  const { column, type } = spec.tenancy
  const found = table.columns.find((candidate) => candidate.name === column && candidate.type === type && !candidate.nullable)
  if (!found) return null
  if (spec.tenancy.model === 'tenant_column') return column
  const { organizations } = spec.tenancy
  const references = table.foreignKeys.some(
    (key) => key.columns.length === 1 && key.columns[0] === column && key.references.schema === organizations.schema && key.references.table === organizations.name,
  )
  return references ? column : null
}

/** The parent gets a unique key over tenant and key: in its own statement when it is new, in phases before it when it exists. */
function ensureReferencable(target: QualifiedName, columns: string[], spec: Spec, catalog: Catalog, keys: Keys): void {
  const name = composedName([target.name, ...columns], 'key')
  const planned = spec.tables.find((table) => table.schema === target.schema && table.name === target.name)
  if (planned) {
    const uniques = keys.uniques.get(planned) ?? []
    if (uniques.some((unique) => unique.kind === 'constraint' && sameSet(unique.columns, columns)) || sameSet(planned.primaryKey, columns)) return
    uniques.push({ name, columns, where: null, nullsNotDistinct: false, kind: 'constraint', tenantScoped: true, forChildren: true })
    return
  }
  const existing = findTable(catalog, target.schema, target.name)
  if (existing?.uniques.some((unique) => unique.where === null && unique.referencable && sameSet(unique.columns, columns))) return
  if (keys.tenantKeys.some((key) => key.table.schema === target.schema && key.table.name === target.name)) return
  keys.tenantKeys.push({ table: target, name, columns })
}

/** `org_id → organizations`. Restrict: a tenant's rows are erased deliberately, never as a side effect of one delete. */
function tenantReference(table: TableSpec, spec: Spec, planned: ForeignKeyPlan[]): ForeignKeyPlan[] {
  const { tenancy } = spec
  const column = table.tenantColumn
  if (tenancy.model !== 'organization' || column === null || table.kind === 'organizations') return []
  if (planned.some((key) => key.columns.length === 1 && key.columns[0] === column)) return []
  return [
    {
      name: composedName([table.name, column], 'fkey'),
      columns: [column],
      references: { table: tenancy.organizations, columns: [tenancy.organizationKey] },
      onDelete: table.kind === 'memberships' ? 'cascade' : 'restrict',
      setNullColumns: null,
      because: table.kind === 'memberships' ? 'a membership means nothing without its organisation' : null,
      deferrable: false,
      tenantScoped: false,
    },
  ]
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item) => right.includes(item))
}
