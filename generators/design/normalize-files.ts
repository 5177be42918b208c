/** Objects in S3: their metadata beside a row or in a table of their own, and who may see it. */
import { composedName } from '../sql/identifier.ts'
import { idColumn, ownerColumn, plainColumn, timestampColumns, userReference } from './added-columns.ts'
import { type AudienceScope, readRule, widthOf } from './audience.ts'
import { findTable } from './catalog.ts'
import { typeOfText } from './column-types.ts'
import { completeness, objectColumns } from './file-columns.ts'
import type { FileInput } from './input.ts'
import { findRelation } from './normalize-queries.ts'
import { readDuration, readSize } from './read-quantity.ts'
import { type Reading, readName } from './reading.ts'
import type { Relation, Relations } from './relations.ts'
import type { Path } from './source.ts'
import type { ColumnSpec, FileSpec, Tenancy, VerbRule } from './spec.ts'
import { type TableDraft, emptyTable } from './table-draft.ts'

/** The files, and the tables that those with many objects need. Needs the access of all other tables. */
export function normalizeFiles(reading: Reading, relations: Relations, tenancy: Tenancy): { files: FileSpec[]; tables: TableDraft[] } {
  const files: FileSpec[] = []
  const tables: TableDraft[] = []
  for (const [key, input] of Object.entries(reading.input.files ?? {})) {
    const path = ['files', key]
    const name = readName(reading, path, key, { key: true })
    const relation = findRelation(reading, relations, [...path, 'table'], input.table)
    const file = readFile(reading, path, input)
    if (name === null || !relation) continue
    const own = input.many ? metadataTable(reading, path, name, relation, file, input, tenancy) : null
    if (own) tables.push(own)
    if (!input.many) checkRow(reading, path, relation, input, tenancy)
    const metadata = own && { schema: own.spec.schema, name: own.spec.name }
    files.push({ ...file, name, table: { schema: relation.schema, name: relation.name }, metadataTable: metadata })
  }
  return { files, tables }
}

type FileFacts = Omit<FileSpec, 'name' | 'table' | 'metadataTable'>

function readFile(reading: Reading, path: Path, input: FileInput): FileFacts {
  checkBucket(reading, [...path, 'bucket'], input.bucket)
  for (const [index, type] of (input.content_types ?? []).entries())
    if (!/^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/.test(type))
      reading.issues.add({
        code: 'SPEC_VALUE', path: [...path, 'content_types', index],
        message: `"${type}" is not a content type.`,
        remedy: 'Write it in full and in lower case: video/mp4',
      })
  return {
    bucket: input.bucket,
    maxBytes: readSize(reading, [...path, 'max_bytes']),
    contentTypes: input.content_types ?? [],
    pendingExpires: readDuration(reading, [...path, 'pending_expires']),
    afterDelete: readDuration(reading, [...path, 'after_delete']),
    versioned: input.versioned ?? false,
  }
}

/** What Supabase Storage accepts, without what would lead out of the bucket. */
function checkBucket({ issues }: Reading, path: Path, bucket: string): void {
  if (/[/\\]|\.\./.test(bucket))
    issues.add({
      code: 'SPEC_PATH', path,
      message: `The bucket "${bucket}" is a path.`,
      remedy: 'Name the bucket only.',
    })

    else if (!/^[\w!.*'()&$@=;:+,? -]{1,100}$/.test(bucket) || bucket.trim() !== bucket) issues.add({
      code: 'SPEC_VALUE', path,
      message: `"${bucket}" is not the name of a bucket.`,
      remedy: 'Use lower-case letters, digits and -.',
    })
}

/** Columns of a row are seen by everybody who sees the row. */
function checkRow(reading: Reading, path: Path, relation: Relation, input: FileInput, tenancy: Tenancy): void {
  const { issues } = reading
  const { spec } = relation.draft ?? {}
  if (!spec) {
    issues.add({
      code: 'SPEC_NOT_YET', path: [...path, 'table'],
      message: `"${relation.schema}.${relation.name}" exists, and columns cannot be added to it yet.`,
      remedy: 'Write many: true for a table of its own.',
    })
    return
  }
  const scope: AudienceScope = { reading, table: spec.name, tenancy, scoped: spec.tenantColumn !== null, owned: spec.ownerColumn !== null }
  const access = readRule(scope, [...path, 'access'], input.access, 'select')
  if (widest(access, tenancy) >= widest(spec.access.select, tenancy) && widthOf(access.any, tenancy) >= widthOf(spec.access.select.any, tenancy)) return
  issues.add({
    code: 'SPEC_CONFLICT', path: [...path, 'access'],
    message: `Not everybody who sees a row of "${spec.name}" may see this file, and its columns are part of the row.`,
    remedy: 'Write many: true, so that the file has a table with an access of its own.',
  })
}

function widest({ own, any }: VerbRule, tenancy: Tenancy): number {
  return Math.max(widthOf(own, tenancy), widthOf(any, tenancy))
}

/** One row for each object, beside the row that it belongs to. */
function metadataTable(reading: Reading, path: Path, name: string, parent: Relation, file: FileFacts, input: FileInput, tenancy: Tenancy): TableDraft | null {
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
  if (findTable(reading.catalog, spec.schema, spec.name))
    reading.issues.add({
      code: 'SPEC_DUPLICATE', path, key: true,
      message: `"${spec.schema}.${spec.name}", the table of this file, exists already.`,
      remedy: 'Choose another name for the file.',
    })
  const reference = composedName([parent.name], 'id')
  const tenant = tenancy.model !== 'none' && parent.tenantColumn !== null ? plainColumn(tenancy.column, tenancy.type, 'tenant') : null
  spec.tenantColumn = tenant?.name ?? null
  const needsOwner = input.access === 'owner' || (typeof input.access === 'object' && input.access.role === undefined)
  const owner: ColumnSpec | null = needsOwner ? ownerColumn('optional') : null
  spec.ownerColumn = owner?.name ?? null
  spec.about = `Files (${name}) of ${parent.name}.`
  const added = (column: ColumnSpec | null) => (column ? [column] : [])
  const object = objectColumns('', ['pending', 'uploaded'], file).map((column) => (column.name === 'key' ? { ...column, nullable: false } : column))
  const link = plainColumn(reference, key.type.sql, 'declared', { serverOnly: true, immutable: true })
  spec.columns = [idColumn(reading.habits.idType), ...added(tenant), link, ...object, ...added(owner), ...timestampColumns()]
  spec.timestamps = true
  spec.primaryKey = ['id']
  spec.uniques = [{ columns: ['key'], where: null, nullsNotDistinct: false, global: true }]
  spec.checks = [completeness(spec.name, name, '')]
  const belongs = { onDelete: 'cascade', because: 'a file belongs to its row', deferrable: false } as const
  spec.foreignKeys = [{ columns: [reference], references: { table: { schema: parent.schema, name: parent.name }, columns: [key.name] }, ...belongs }, ...added(owner).map(userReference)]
  const scope: AudienceScope = { reading, table: spec.name, tenancy, scoped: tenant !== null, owned: owner !== null }
  spec.access = { ...spec.access, select: readRule(scope, [...path, 'access'], input.access, 'select') }
  return { path, input: null, spec, types: new Map(spec.columns.map((column) => [column.name, typeOfText(column.type, reading.catalog)])), columnPaths: new Map() }
}
