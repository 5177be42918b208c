/** Which columns a table has, in which order, and which of them are its key. Everything else needs this first. */
import { auditColumns, deletedAtColumn, idColumn, plainColumn, timestampColumns, userReference } from './added-columns.ts'
import { findTable } from '../../catalog.ts'
import { typeOfText, unreadType } from './column-types.ts'
import { fileColumns } from '../files/file-columns.ts'
import type { TableInput } from '../../input.ts'
import { fitsIndex } from './key-width.ts'
import { normalizeColumn } from './normalize-column.ts'
import { type Reading, readName, readNames, readQualifiedName } from '../reading.ts'
import { scopeColumns } from './scope-columns.ts'
import type { Path } from '../../source.ts'
import type { ColumnSpec, Tenancy } from '../../spec.ts'
import { isSystemSchema } from '../../system-schemas.ts'
import { type TableDraft, columnNames, emptyTable, findColumn } from '../table-draft.ts'

/** Null when the table's name is none. */
export function draftTable(reading: Reading, path: Path, key: string, input: TableInput, tenancy: Tenancy): TableDraft | null {
  const name = readQualifiedName(reading, path, key, { key: true })
  if (!name || !isFree(reading, path, name.schema, name.name)) return null
  const draft: TableDraft = { path, input, spec: emptyTable(name.schema, name.name), types: new Map(), columnPaths: new Map() }
  const { spec } = draft
  spec.about = input.about
  if (spec.about.trim() === '')
    reading.issues.add({
      code: 'SPEC_VALUE', path: [...path, 'about'],
      message: `"about" of "${key}" says nothing.`,
      remedy: `Write one sentence about "${key}"; it becomes the comment of the table.`,
    })
  spec.timestamps = input.timestamps ?? true
  spec.realtime = input.realtime ?? false
  spec.audit = input.audit === 'columns' ? 'columns' : 'none'
  spec.softDelete = input.soft_delete === true ? 'rpc' : input.soft_delete === false ? 'none' : (input.soft_delete ?? 'none')
  spec.tenantColumn = usesTenancy(input, tenancy) ? tenancy.column : null
  const declared = declareColumns(reading, draft)
  assemble(reading, draft, declared, tenancy)
  spec.primaryKey = readPrimaryKey(reading, draft)
  return draft
}

function isFree({ issues, catalog }: Reading, path: Path, schema: string, name: string): boolean {
  if (isSystemSchema(schema)) {
    issues.add({
      code: 'SPEC_VALUE', path, key: true,
      message: `The schema "${schema}" belongs to Supabase or Postgres.`,
      remedy: 'Put the table into a schema of your own.',
    })
    return false
  }
  const existing = findTable(catalog, schema, name)
  const type = catalog.types.find((candidate) => candidate.schema === schema && candidate.name === name)
  if (!existing && !type) return true
  const kind = existing?.kind ?? 'type'
  issues.add({
    code: 'SPEC_DUPLICATE', path, key: true,
    message: `${kind === 'type' ? 'A type' : `A ${kind}`} "${schema}.${name}" exists already.`,
    remedy: kind === 'type' ? 'A table is a type as well: choose another name.' : 'Choose another name; a design adds new tables only.',
  })
  return false
}

/** With `{ via, store: false }` the tenant is known through the parent alone. */
function usesTenancy({ tenancy: written }: TableInput, tenancy: Tenancy): tenancy is Exclude<Tenancy, { model: 'none' }> {
  return tenancy.model !== 'none' && written !== 'none' && !(typeof written === 'object' && written.store === false)
}

const systemColumns = new Set(['tableoid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax'])

/** MaxHeapAttributeNumber is 1600; a table that wide is a mistake long before. */
const maxColumns = 500

function declareColumns(reading: Reading, draft: TableDraft): ColumnSpec[] {
  const columns: ColumnSpec[] = []
  for (const [key, written] of Object.entries(draft.input?.columns ?? {})) {
    const path = [...draft.path, 'columns', key]
    const name = readName(reading, path, key, { key: true })
    if (name === null) continue
    if (systemColumns.has(name))
      reading.issues.add({
        code: 'SPEC_NAME', path, key: true,
        message: `Every table has a hidden column "${name}" of Postgres already.`,
        remedy: `Choose another name for the column of "${draft.spec.name}".`,
      })
    else if (draft.columnPaths.has(name))
      reading.issues.add({
        code: 'SPEC_DUPLICATE', path, key: true,
        message: `The column "${name}" of "${draft.spec.name}" is declared twice.`,
        remedy: 'Names are folded to lower case, as Postgres does it.',
      })
    else {
      draft.columnPaths.set(name, path)
      const read = normalizeColumn(reading, path, name, written)
      columns.push(read?.column ?? plainColumn(name, 'text', 'declared'))
      draft.types.set(name, read?.type ?? unreadType)
    }
  }
  return columns
}

function assemble(reading: Reading, draft: TableDraft, declared: ColumnSpec[], tenancy: Tenancy): void {
  const { spec, input } = draft
  const own = scopeColumns(reading, draft, tenancy)
  const added = [
    ...idColumns(reading, draft),
    ...own.tenant,
    ...declared,
    ...holdColumn(reading, draft),
    ...fileColumns(reading, draft),
    ...own.owner,
    ...(spec.audit === 'columns' ? auditColumns() : []),
    ...(spec.timestamps ? timestampColumns() : []),
    ...(spec.softDelete === 'none' ? [] : [deletedAtColumn()]),
  ]
  for (const column of added) {
    if (!spec.columns.some((other) => other.name === column.name)) spec.columns.push(column)
    else reportClash(reading, draft, [column, findColumn(draft, column.name)].find((one) => one?.origin !== 'declared') ?? column)
    if (!draft.types.has(column.name) && !draft.columnPaths.has(column.name)) draft.types.set(column.name, typeOfText(column.type, reading.catalog))
  }
  if (spec.columns.length > maxColumns)
    reading.issues.add({
      code: 'SPEC_VALUE', path: [...draft.path, 'columns'], key: true,
      message: `"${spec.name}" would have ${spec.columns.length} columns: that cannot be meant.`,
      remedy: `A table has at most ${maxColumns} here (Postgres ends at 1600). Make rows of what repeats.`,
    })
  if (input && spec.columns.length === 0)
    reading.issues.add({
      code: 'SPEC_VALUE', path: [...draft.path, 'columns'],
      message: `"${spec.name}" has no columns.`,
      remedy: 'Add for example: columns: { title: text }',
    })
  spec.foreignKeys = spec.columns.filter((column) => column.origin === 'owner' || column.origin === 'audit').map(userReference)
}

function reportClash({ issues }: Reading, draft: TableDraft, column: ColumnSpec): void {
  const path = draft.columnPaths.get(column.name) ?? [...draft.path, 'columns']
  const remedies: Partial<Record<ColumnSpec['origin'], string>> = {
    timestamp: 'Leave the column out, or write at the table: timestamps: false',
    audit: 'Leave the column out, or the key audit.',
    soft_delete: 'Leave the column out, or the key soft_delete.',
    id: 'Leave the column out, or write at the table: id: none and primary_key: [id]',
  }
  issues.add({
    code: 'SPEC_DUPLICATE', path, key: true,
    message: `The column "${column.name}" is added to "${draft.spec.name}" anyway.`,
    remedy: remedies[column.origin] ?? 'Choose another name.',
  })
}

function idColumns(reading: Reading, draft: TableDraft): ColumnSpec[] {
  const { input, path } = draft
  const named = input?.primary_key?.some((name) => name.toLowerCase() === 'id')
  if (input?.id === 'none') {
    if (!input.primary_key)
      reading.issues.add({
        code: 'SPEC_MISSING_KEY', path: [...path, 'id'], key: true,
        message: `"${draft.spec.name}" has no id, and needs the key "primary_key".`,
        remedy: `Add for example: primary_key: [${Object.keys(input.columns)[0] ?? 'id'}]`,
      })
    return []
  }
  if (input?.primary_key && !named) {
    if (input.id !== undefined)
      reading.issues.add({
        code: 'SPEC_CONFLICT', path: [...path, 'id'], key: true,
        message: `"${draft.spec.name}" asks for an id that is not in its primary key.`,
        remedy: 'Leave id out, or put it into primary_key.',
      })
    return []
  }
  return [idColumn(input?.id ?? reading.habits.idType)]
}

/** `retention.hold` is added when nobody declared it. */
function holdColumn(reading: Reading, draft: TableDraft): ColumnSpec[] {
  const hold = draft.input?.retention?.hold
  const name = hold === undefined ? null : readName(reading, [...draft.path, 'retention', 'hold'], hold)
  if (name === null || draft.columnPaths.has(name)) return []
  return [plainColumn(name, 'boolean', 'declared', { default: 'false', serverOnly: true, comment: 'True: the row is kept beyond its retention.' })]
}

function readPrimaryKey(reading: Reading, draft: TableDraft): string[] {
  const path = [...draft.path, 'primary_key']
  const written = draft.input?.primary_key
  if (!written) return ['id']
  const key: string[] = []
  for (const { name, path: place } of readNames(reading, path, written)) {
    const column = findColumn(draft, name)
    if (!column) reading.issues.unknown({ path: place, what: `column of "${draft.spec.name}" called`, name, known: columnNames(draft) })
    else if (key.includes(name))
      reading.issues.add({
        code: 'SPEC_DUPLICATE', path: place,
        message: `"${name}" stands in the primary key twice.`,
        remedy: `Remove one "${name}".`,
      })
    else if (column.nullable)
      reading.issues.add({
        code: 'SPEC_CONFLICT', path: place,
        message: `"${name}" can be null, and a primary key cannot.`,
        remedy: 'Make the column not null, or use a unique key.',
      })
    else key.push(name)
  }
  fitsIndex(reading, draft, path, written.length)
  return key
}
