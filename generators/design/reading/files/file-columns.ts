/** What a table knows about an object in S3. Written by the service only. */
import { composedName, ident } from '../../../sql/identifier.ts'
import { plainColumn } from '../tables/added-columns.ts'
import type { FileInput } from '../../input.ts'
import { type Reading, readName, readQualifiedName } from '../reading.ts'
import { readSize } from '../read-quantity.ts'
import type { ColumnSpec, TableSpec } from '../../spec.ts'
import type { TableDraft } from '../table-draft.ts'

/** Columns of the files that are part of this table's rows. */
export function fileColumns(reading: Reading, draft: TableDraft): ColumnSpec[] {
  return filesOf(reading, draft.spec).flatMap(({ name, input }) => {
    const limits = { maxBytes: readSize(reading, ['files', name, 'max_bytes']), contentTypes: input.content_types ?? [] }
    return objectColumns(`${parsedName(reading, name) ?? name}_`, ['absent', 'pending', 'uploaded'], limits)
  })
}

/** `clip_uploaded_is_complete`: an uploaded file is described in full. */
export function fileChecks(reading: Reading, { spec }: TableDraft): TableSpec['checks'] {
  return filesOf(reading, spec).map(({ name }) => completeness(spec.name, parsedName(reading, name) ?? name, `${parsedName(reading, name) ?? name}_`))
}

export function fileUniques(reading: Reading, { spec }: TableDraft): TableSpec['uniques'] {
  return filesOf(reading, spec).map(({ name }) => ({ columns: [`${parsedName(reading, name) ?? name}_key`], where: null, nullsNotDistinct: false, global: true }))
}

/** `prefix` is empty in a table of its own. The first state is the default. */
export function objectColumns(prefix: string, states: string[], limits: { maxBytes: number | null; contentTypes: string[] }): ColumnSpec[] {
  const column = (name: string, type: string, rest: Partial<ColumnSpec> = {}) => plainColumn(`${prefix}${name}`, type, 'file', { nullable: true, serverOnly: true, ...rest })
  const bytes = ident(`${prefix}bytes`)
  return [
    column('state', 'text', { nullable: false, default: `'${states[0] ?? ''}'`, oneOf: states }),
    column('key', 'text'),
    column('bytes', 'bigint', { check: limits.maxBytes === null ? `${bytes} > 0` : `${bytes} between 1 and ${limits.maxBytes}` }),
    column('content_type', 'text', { oneOf: limits.contentTypes.length > 0 ? limits.contentTypes : null }),
    column('sha256', 'text', { check: `${ident(`${prefix}sha256`)} ~ '^[0-9a-f]{64}$'` }),
    column('uploaded_at', 'timestamptz'),
  ]
}

export function completeness(table: string, file: string, prefix: string): TableSpec['checks'][number] {
  const present = ['key', 'bytes', 'content_type', 'uploaded_at'].map((part) => `${ident(`${prefix}${part}`)} is not null`)
  return { name: composedName([table, file], 'complete'), sql: `${ident(`${prefix}state`)} <> 'uploaded' or (${present.join(' and ')})` }
}

function filesOf(reading: Reading, table: { schema: string; name: string }): { name: string; input: FileInput }[] {
  return Object.entries(reading.input.files ?? {})
    .filter(([name, input]) => {
      const target = input.many ? null : readQualifiedName(reading, ['files', name, 'table'], input.table)
      return target?.schema === table.schema && target.name === table.name
    })
    .map(([name, input]) => ({ name, input }))
}

function parsedName(reading: Reading, name: string): string | null {
  return readName(reading, ['files', name], name, { key: true })
}
