/** Tables that a design can point to: new ones and existing ones in the same shape. */
import type { QualifiedName } from '../../sql/identifier.ts'
import { type Catalog, type CatalogTable, findTable } from '../catalog.ts'
import { type ColumnType, typeOfText } from './tables/column-types.ts'
import type { Tenancy } from '../spec.ts'
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
