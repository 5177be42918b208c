/** Tables that a design can point to: new ones and existing ones in the same shape. */
import type { QualifiedName } from '../../sql/identifier.ts'
import { type Catalog, type CatalogTable, findTable } from '../catalog.ts'
import { type ColumnType, typeOfText } from './tables/column-types.ts'
import type { Tenancy } from '../spec.ts'
import type { ViewSpec } from '../view-spec.ts'
import type { TableDraft } from './table-draft.ts'

export interface Relation extends QualifiedName {
  kind: CatalogTable['kind']
  /** Null for existing tables. */
  draft: TableDraft | null
  columns: { name: string; type: ColumnType; nullable: boolean }[]
  primaryKey: string[]
  /** Column lists that a foreign key may reference, the primary key included. */
  keys: string[][]
  tenantColumn: string | null
}

export interface Relations {
  find: (name: QualifiedName) => Relation | null
  /** `schema.table` of all, for suggestions. */
  names: () => string[]
}

export function relationsOf(drafts: readonly TableDraft[], catalog: Catalog, tenancy: Tenancy): Relations {
  const find = ({ schema, name }: QualifiedName) => {
    const draft = drafts.find(({ spec }) => spec.schema === schema && spec.name === name)
    if (draft) return newRelation(draft)
    const table = findTable(catalog, schema, name)
    return table ? existingRelation(table, catalog, tenancy) : null
  }
  return { find, names: () => [...drafts.map(({ spec }) => spec), ...catalog.tables].map(({ schema, name }) => `${schema}.${name}`) }
}

/** What a query may read: tables, and the views of the design. */
export function withViews(relations: Relations, views: readonly ViewSpec[], catalog: Catalog): Relations {
  const find = (name: QualifiedName) => {
    const view = views.find((one) => one.schema === name.schema && one.name === name.name)
    return view ? viewRelation(view, relations, catalog) : relations.find(name)
  }
  return { find, names: () => [...views.map(({ schema, name }) => `${schema}.${name}`), ...relations.names()] }
}

function viewRelation({ schema, name, table, columns }: ViewSpec, relations: Relations, catalog: Catalog): Relation {
  const base = table && relations.find(table)
  const has = (column: string) => columns.some((one) => one.name === column)
  const tenant = columns.find(({ source }) => source !== null && relations.find(source.table)?.tenantColumn === source.column)
  return {
    schema,
    name,
    kind: 'view',
    draft: null,
    columns: columns.map((column) => ({ name: column.name, nullable: column.nullable, type: typeOfText(column.type ?? 'unknown', catalog) })),
    primaryKey: base?.primaryKey.every(has) ? base.primaryKey : [],
    keys: [],
    tenantColumn: tenant?.name ?? null,
  }
}

function newRelation(draft: TableDraft): Relation {
  const { spec, types } = draft
  // Keys of soft-deleted tables become partial indexes, and those a foreign key cannot reference.
  const uniques = spec.softDelete === 'none' ? spec.uniques.filter((unique) => unique.where === null) : []
  return {
    schema: spec.schema,
    name: spec.name,
    kind: 'table',
    draft,
    columns: spec.columns.flatMap(({ name, nullable }) => {
      const type = types.get(name)
      return type ? [{ name, type, nullable }] : []
    }),
    primaryKey: spec.primaryKey,
    keys: [spec.primaryKey, ...uniques.map((unique) => unique.columns)],
    tenantColumn: spec.tenantColumn,
  }
}

function existingRelation(table: CatalogTable, catalog: Catalog, tenancy: Tenancy): Relation {
  const column = tenancy.model === 'none' ? null : tenancy.column
  return {
    schema: table.schema,
    name: table.name,
    kind: table.kind,
    draft: null,
    columns: table.columns.map(({ name, type, nullable }) => ({ name, nullable, type: typeOfText(type, catalog) })),
    primaryKey: table.primaryKey,
    keys: [table.primaryKey, ...table.uniques.filter((unique) => unique.referencable && unique.where === null).map((unique) => unique.columns)],
    tenantColumn: table.columns.some((candidate) => candidate.name === column) ? column : null,
  }
}
