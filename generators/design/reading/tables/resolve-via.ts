/** `access.via` and `tenancy.via`: the foreign key column whose row decides. */
import { type Catalog, findTable } from '../../catalog.ts'
import { type Reading, readName } from '../reading.ts'
import type { Relations } from '../relations.ts'
import type { Path } from '../../source.ts'
import type { ViaSpec } from '../../followed.ts'
import { type TableDraft, columnNames } from '../table-draft.ts'
import type { QualifiedName } from '../../../sql/identifier.ts'

export function readAccessVia(reading: Reading, draft: TableDraft, relations: Relations): void {
  const access = draft.input?.access
  if (typeof access !== 'object' || access.via === undefined) return
  draft.spec.access.via = resolveVia(reading, draft, relations, [...draft.path, 'access', 'via'], access.via, 'it leads to no parent')
}

/** Needs the foreign keys of the table. Null after an issue. */
export function resolveVia(reading: Reading, draft: TableDraft, relations: Relations, path: Path, written: string, says: string): ViaSpec | null {
  const { spec } = draft
  const { issues } = reading
  const column = readName(reading, path, written)
  if (column === null) return null
  if (!columnNames(draft).includes(column)) {
    issues.unknown({ path, what: `column of "${spec.name}" called`, name: column, known: columnNames(draft) })
    return null
  }
  const others = (columns: readonly string[]) => columns.filter((name) => name !== column && name !== spec.tenantColumn)
  const key = spec.foreignKeys.find(({ columns }) => columns.includes(column) && others(columns).length === 0)
  if (!key) {
    issues.add({
      code: 'SPEC_CONFLICT', path,
      message: `"${column}" references nothing, so ${says}.`,
      remedy: `Add to ${column}: references: schema.table`,
    })
    return null
  }
  const { table, columns } = key.references
  const isNew = (relations.find(table)?.draft ?? null) !== null
  return { column, references: table, key: columns[key.columns.indexOf(column)] ?? '', existing: isNew ? null : readersOf(reading.catalog, table) }
}

/** Client roles that hold SELECT on the whole table, and USAGE on its schema. */
export function readersOf(catalog: Catalog, { schema, name }: QualifiedName): ('anon' | 'authenticated')[] {
  const usage = catalog.schemas.find((one) => one.name === schema)?.usage ?? []
  const held = findTable(catalog, schema, name)?.privileges ?? []
  const reads = (role: string) => held.some((right) => right.role === role && right.privileges.some((privilege) => privilege.toLowerCase() === 'select'))
  return (['anon', 'authenticated'] as const).filter((role) => usage.includes(role) && reads(role))
}
