/** Objects in S3: their metadata beside a row or in a table of their own, and who may see it. */
import { identifierBytes, maxIdentifierBytes } from '../../../sql/identifier.ts'
import { type AudienceScope, readRule, widthOf } from '../../audience.ts'
import { findTable } from '../../catalog.ts'
import { literal } from '../../../sql/literal.ts'
import { fileTable } from './file-table.ts'
import type { FileInput } from '../../input.ts'
import { readObjects, verbValues } from './objects-access.ts'
import { findRelation } from '../normalize-queries.ts'
import { readDuration, readSize } from '../read-quantity.ts'
import { type Reading, readName } from '../reading.ts'
import type { Relation, Relations } from '../relations.ts'
import type { Path } from '../../source.ts'
import { type Tenancy, type VerbRule, scopeColumn } from '../../spec.ts'
import type { FileSpec } from '../../spec.ts'
import type { TableDraft } from '../table-draft.ts'

/** The files, and the tables that those with many objects need. Needs the access of all other tables. */
export function normalizeFiles(reading: Reading, relations: Relations, tenancy: Tenancy): { files: FileSpec[]; tables: TableDraft[] } {
  const files: FileSpec[] = []
  const tables: TableDraft[] = []
  for (const [key, input] of Object.entries(reading.input.files ?? {})) {
    const path = ['files', key]
    const name = readName(reading, path, key, { key: true })
    if (name !== null) checkFileName(reading, path, name, files)
    const relation = findRelation(reading, relations, [...path, 'table'], input.table)
    const file = readFile(reading, path, input)
    if (name === null || !relation) continue
    const own = input.many ? fileTable(reading, { path, name, parent: relation, input, limits: file }, relations, tenancy) : null
    if (own) tables.push(own)
    if (!input.many) checkRow(reading, path, relation, input, tenancy)
    const metadata = own && { schema: own.spec.schema, name: own.spec.name }
    const objects = readObjects(reading, path, input, relation, tenancy)
    if (objects) checkSharedBucket(reading, path, input.bucket, files)
    files.push({ ...file, objects, name, table: { schema: relation.schema, name: relation.name }, metadataTable: metadata })
  }
  return { files, tables }
}

/** The name begins the names of columns; the longest of them is `…_content_type`. */
const maxFileName = maxIdentifierBytes - '_content_type'.length

function checkFileName({ issues }: Reading, path: Path, name: string, files: readonly FileSpec[]): void {
  if (identifierBytes(name) > maxFileName)
    issues.add({
      code: 'SPEC_NAME', path, key: true,
      message: `The file "${name}" has ${identifierBytes(name)} bytes, and names columns such as …_content_type.`,
      remedy: `Use at most ${maxFileName} bytes.`,
    })
  if (files.some((file) => file.name === name))
    issues.add({
      code: 'SPEC_DUPLICATE', path, key: true,
      message: `The file "${name}" stands in this design twice.`,
      remedy: 'Names are folded to lower case, as Postgres does it: choose another.',
    })
}

/** Policies of one bucket come from one place: two permissive ones are joined by OR. */
function checkSharedBucket({ issues, catalog }: Reading, path: Path, bucket: string, files: readonly FileSpec[]): void {
  const other = files.find((file) => file.objects !== null && file.bucket === bucket)
  const existing = findTable(catalog, 'storage', 'objects')?.policies.find(({ permissive, using, check }) => permissive && [using, check].some((text) => text?.includes(literal(bucket))))
  if (other)
    issues.add({ code: 'SPEC_DUPLICATE', path: [...path, 'bucket'], message: `The bucket "${bucket}" is that of the file "${other.name}", and the policies of both would be joined by OR.`, remedy: 'Give each file a bucket of its own.' })
  else if (existing)
    issues.add({ code: 'SPEC_DUPLICATE', path: [...path, 'bucket'], message: `The policy "${existing.name}" of storage.objects speaks of the bucket "${bucket}" already, and would be joined to those of this design by OR.`, remedy: 'Choose another bucket, or drop that policy in a migration of its own first.' })
}

type FileFacts = Omit<FileSpec, 'name' | 'table' | 'metadataTable' | 'objects'>

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
  const scope: AudienceScope = { reading, table: spec.name, tenancy, scoped: scopeColumn(spec) !== null, owned: spec.ownerColumn !== null, via: spec.access.via, shares: spec.access.shares }
  const access = readRule(scope, [...path, 'access'], verbValues(input).select, 'select')
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
