/** What plan and catalog say of columns, in one form for new and for existing tables. */
import type { Catalog, CatalogTable } from '../../design/catalog.ts'
import type { ScaleMoment } from '../../design/evidence.ts'
import type { Plan, TablePlan } from '../../design/plan.ts'
import type { ColumnFacts } from './column-scale.ts'
import { parentRows } from './table-rows.ts'

const truths = ['true', 'false']

export function plannedColumns({ table, primaryKey, uniques, foreignKeys }: TablePlan, plan: Plan, catalog: Catalog, at: ScaleMoment): ColumnFacts[] {
  const keys = [primaryKey.columns, ...uniques.filter(({ where }) => where === null).map(({ columns }) => columns)]
  const references = foreignKeys.map((key) => ({ columns: key.columns, parent: key.references.table }))
  return table.columns.map((column) => ({
    name: column.name,
    type: column.type,
    nullable: column.nullable,
    values: column.oneOf ?? (column.type === 'boolean' ? truths : (labelsOf(catalog, column.type) ?? null)),
    unique: keys.some((key) => key.length === 1 && key[0] === column.name),
    inKey: [primaryKey, ...uniques, ...foreignKeys].some(({ columns }) => columns.includes(column.name)),
    inOrder: column.identity || (column.name === 'created_at' && column.origin === 'timestamp'),
    marksDeleted: column.origin === 'soft_delete',
    parent: parentRows(references, column.name, plan, catalog, at),
  }))
}

export function existingColumns(table: CatalogTable, plan: Plan, catalog: Catalog, at: ScaleMoment): ColumnFacts[] {
  const references = table.foreignKeys.map((key) => ({ columns: key.columns, parent: { schema: key.references.schema, name: key.references.table } }))
  return table.columns.map((column) => ({
    name: column.name,
    type: column.type,
    nullable: column.nullable,
    values: column.enumLabels ?? (column.type === 'boolean' ? truths : null),
    unique: table.uniques.some(({ columns, where }) => where === null && columns.length === 1 && columns[0] === column.name),
    inKey: [...table.uniques, ...table.foreignKeys].some(({ columns }) => columns.includes(column.name)),
    inOrder: column.identity !== null || column.name === 'created_at',
    marksDeleted: column.name === 'deleted_at' && column.nullable,
    parent: parentRows(references, column.name, plan, catalog, at),
  }))
}

function labelsOf(catalog: Catalog, type: string): string[] | undefined {
  const found = catalog.types.find((one) => one.kind === 'enum' && (`${one.schema}.${one.name}` === type || one.name === type))
  return found?.labels
}
