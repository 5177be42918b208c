/** The table of a file of which one row has many: one row for each object, beside the row that it belongs to. */
import { composedName } from '../../../sql/identifier.ts'
import { idColumn, ownerColumn, plainColumn, timestampColumns, userReference } from '../tables/added-columns.ts'
import { type AudienceScope, readRule } from '../../audience.ts'
import { typeOfText } from '../tables/column-types.ts'
import { completeness, objectColumns } from './file-columns.ts'
import type { FileInput } from '../../input.ts'
import { verbValues } from './objects-access.ts'
import type { Reading } from '../reading.ts'
import type { Relation, Relations } from '../relations.ts'
import type { Path } from '../../source.ts'
import type { ForeignKeySpec } from '../../key-spec.ts'
import { type ColumnSpec, type Tenancy, scopeColumn } from '../../spec.ts'
import { readersOf } from '../tables/resolve-via.ts'
import type { FileSpec } from '../../spec.ts'
import { type TableDraft, emptyTable } from '../table-draft.ts'

export interface ManyFiles {
  path: Path
  name: string
  parent: Relation
  input: FileInput
  limits: Pick<FileSpec, 'maxBytes' | 'contentTypes'>
}

/** Same tenancy as the parent; everybody of the file's access reads, the service writes. Null after an issue. */
export function fileTable(reading: Reading, { path, name, parent, input, limits }: ManyFiles, relations: Relations, tenancy: Tenancy): TableDraft | null {
  const key = parent.columns.find((column) => column.name === parent.primaryKey[0])
  if (!key || parent.primaryKey.length !== 1) {
    reading.issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'many'], key: true,
      message: `"${parent.schema}.${parent.name}" needs a primary key of one column to have many files.`,
      remedy: 'Give it an id.',
    })
    return null
  }
  const spec = emptyTable(parent.schema, composedName([parent.name], name))
  if (relations.find(spec))
    reading.issues.add({
      code: 'SPEC_DUPLICATE', path, key: true,
      message: `"${spec.schema}.${spec.name}", the table of this file, exists already.`,
      remedy: 'Choose another name for the file.',
    })
  const tenant = tenancy.model !== 'none' && parent.tenantColumn !== null ? plainColumn(tenancy.column, tenancy.type, 'tenant') : null
  const owner = speaksOfOwners(input) ? ownerColumn('optional') : null
  const link = plainColumn(composedName([parent.name], 'id'), key.type.sql, 'declared', { serverOnly: true, immutable: true })
  const object = objectColumns('', ['pending', 'uploaded'], limits).map((column) => (column.name === 'key' ? { ...column, nullable: false } : column))
  spec.about = `Files (${name}) of ${parent.name}.`
  spec.columns = [idColumn(reading.habits.idType), tenant, link, ...object, owner, ...timestampColumns()].filter((column) => column !== null)
  spec.timestamps = true
  spec.primaryKey = ['id']
  spec.uniques = [{ columns: ['key'], where: null, nullsNotDistinct: false, global: true }]
  spec.checks = [completeness(spec.name, name, '')]
  spec.foreignKeys = [parentReference(link, parent, key.name), ...(owner ? [userReference(owner)] : [])]
  spec.tenantColumn = tenant?.name ?? null
  spec.ownerColumn = owner?.name ?? null
  const references = { schema: parent.schema, name: parent.name }
  const via = { column: link.name, references, key: key.name, existing: parent.draft ? null : readersOf(reading.catalog, references) }
  spec.tenantVia = parent.draft?.spec.tenantVia ? via : null
  const scope: AudienceScope = { reading, table: spec.name, tenancy, scoped: scopeColumn(spec) !== null, owned: owner !== null, via, shares: null }
  spec.access = { ...spec.access, via, select: readRule(scope, [...path, 'access'], verbValues(input).select, 'select') }
  const types = new Map(spec.columns.map((column) => [column.name, typeOfText(column.type, reading.catalog)]))
  return { path, input: null, spec, types, columnPaths: new Map() }
}

function speaksOfOwners(input: FileInput): boolean {
  const access = verbValues(input).select
  return access === 'owner' || (typeof access === 'object' && access.own !== undefined)
}

function parentReference(link: ColumnSpec, parent: Relation, key: string): ForeignKeySpec {
  return {
    columns: [link.name],
    references: { table: { schema: parent.schema, name: parent.name }, columns: [key] },
    onDelete: 'cascade',
    because: 'a file belongs to its row',
    deferrable: false,
  }
}
