import type { CatalogTable } from './catalog.ts'
import { plainColumn } from './reading/tables/added-columns.ts'
import { emptyTable } from './reading/table-draft.ts'
import type { TableSpec } from './spec.ts'

/** A table of the repository in the form of a spec, closed to everybody: columns and key, for those who are given rights on it. */
export function existingTable({ schema, name, columns, primaryKey, comment }: CatalogTable): TableSpec {
  return {
    ...emptyTable(schema, name),
    about: comment ?? name,
    columns: columns.map((column) =>
      plainColumn(column.name, column.type, 'declared', { nullable: column.nullable, default: column.default, identity: column.identity === 'always', generated: column.generated ? (column.default ?? '') : null }),
    ),
    primaryKey: primaryKey.length > 0 ? primaryKey : columns.map((column) => column.name),
  }
}
