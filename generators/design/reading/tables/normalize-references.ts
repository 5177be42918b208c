/** Foreign keys: that what they name exists, can be referenced, and has the same type. */
import { hasBtreeEquality, isSameType } from './column-types.ts'
import { readColumns } from './normalize-constraints.ts'
import { type Reading, readReference } from '../reading.ts'
import type { Relation, Relations } from '../relations.ts'
import type { Path } from '../../source.ts'
import type { ForeignKeySpec, OnDelete } from '../../key-spec.ts'
import { type TableDraft, findColumn } from '../table-draft.ts'

export function normalizeReferences(reading: Reading, draft: TableDraft, relations: Relations): void {
  const { spec, input } = draft
  const declared = [...draft.columnPaths].map(([name, path]) => columnReference(reading, draft, relations, name, path))
  const composite = (input?.foreign_keys ?? []).map((written, index) => {
    const path = [...draft.path, 'foreign_keys', index]
    const columns = readColumns(reading, draft, [...path, 'columns'], written.columns)
    const given = { onDelete: written.on_delete, because: written.because, deferrable: written.deferrable ?? false }
    return columns && resolve(reading, draft, relations, { path, columns: columns.map(({ name }) => name), references: written.references, ...given })
  })
  const keys = [...declared, ...composite].filter((key) => key !== null)
  const twin = keys.find((key, index) => keys.findIndex((other) => isTwin(key, other)) < index)
  if (twin)
    reading.issues.add({
      code: 'SPEC_DUPLICATE', path: [...draft.path, 'foreign_keys'], key: true,
      message: `The foreign key (${twin.columns.join(', ')}) of "${spec.name}" is declared twice.`,
      remedy: 'Keep it at the column, or in foreign_keys.',
    })
  spec.foreignKeys = [...keys, ...spec.foreignKeys]
}

function isTwin(left: ForeignKeySpec, right: ForeignKeySpec): boolean {
  return identityOf(left) === identityOf(right)
}

function identityOf({ columns, references: { table } }: ForeignKeySpec): string {
  return [...columns, table.schema, table.name].join('\n')
}

interface Wanted {
  path: Path
  columns: string[]
  references: string
  onDelete: OnDelete
  because: string | undefined
  deferrable: boolean
}

function columnReference(reading: Reading, draft: TableDraft, relations: Relations, name: string, path: Path): ForeignKeySpec | null {
  const written = draft.input?.columns[String(path.at(-1))]
  if (typeof written !== 'object' || written.references === undefined) return null
  const given = { onDelete: written.on_delete ?? 'no action', because: written.because, deferrable: false }
  return resolve(reading, draft, relations, { path, columns: [name], references: written.references, ...given })
}

function resolve(reading: Reading, draft: TableDraft, relations: Relations, wanted: Wanted): ForeignKeySpec | null {
  const { issues } = reading
  const path = [...wanted.path, 'references']
  const reference = readReference(reading, path, wanted.references)
  if (!reference) return null
  checkOnDelete(reading, draft, wanted)
  const relation = relations.find(reference.table)
  if (!relation) {
    issues.unknown({ path, what: 'table', name: `${reference.table.schema}.${reference.table.name}`, known: relations.names() })
    return null
  }
  if (relation.kind !== 'table' && relation.kind !== 'partitioned') {
    issues.add({
      code: 'SPEC_CONFLICT', path,
      message: `"${relation.schema}.${relation.name}" is a ${relation.kind}, and a foreign key needs a table.`,
      remedy: 'Reference the table that it reads.',
    })
    return null
  }
  const columns = reference.columns ?? relation.primaryKey
  if (!isReferencable(reading, draft, path, wanted, relation, columns)) return null
  return {
    columns: wanted.columns,
    references: { table: { schema: relation.schema, name: relation.name }, columns },
    onDelete: wanted.onDelete,
    because: wanted.because?.trim() || null,
    deferrable: wanted.deferrable,
  }
}

function checkOnDelete({ issues }: Reading, draft: TableDraft, { path, columns, onDelete, because }: Wanted): void {
  const list = columns.join(', ')
  if ((onDelete === 'cascade' || onDelete === 'set null') && !because?.trim())
    issues.add({
      code: 'SPEC_MISSING_KEY', path: [...path, 'on_delete'], key: true,
      message: `"${list}" of "${draft.spec.name}" has on_delete: ${onDelete}, and needs the key "because".`,
      remedy: 'Add: because: <why rows may go, or lose their reference>',
    })
  if (onDelete !== 'set null') return
  const fixed = columns.filter((name) => name !== draft.spec.tenantColumn && findColumn(draft, name)?.nullable === false)
  if (fixed.length > 0)
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'on_delete'],
      message: `on_delete: set null needs a column that can be null, and "${fixed.join(', ')}" cannot.`,
      remedy: 'Add nullable: true, or use restrict or cascade.',
    })
}

function isReferencable({ issues }: Reading, draft: TableDraft, path: Path, { columns: own, references }: Wanted, relation: Relation, columns: string[]): boolean {
  const before = issues.count()
  const name = `${relation.schema}.${relation.name}`
  const conflict = (message: string, remedy?: string) => issues.add({ code: 'SPEC_CONFLICT', path, message, remedy })
  const unknown = columns.filter((column) => !relation.columns.some((candidate) => candidate.name === column))
  for (const column of unknown)
    issues.unknown({
      path, what: `column of "${name}" called`, name: column, known: relation.columns.map((candidate) => candidate.name),
    })
  if (unknown.length > 0) return false
  const list = columns.join(', ')
  if (columns.length === 0) conflict(`"${name}" has no primary key.`, `Name a unique column: references: ${name}(column)`)
  else if (columns.length !== own.length)
    conflict(
      `"${references}" means ${columns.length} columns (${list}), and the foreign key has ${own.length}.`,
      `Use foreign_keys: [{ columns: [${list}], references: ${name}(${list}), … }]`,
    )
  else if (!relation.keys.some((key) => isSameSet(key, columns))) conflict(`(${list}) is not a unique constraint of "${name}".`, noKeyRemedy(relation))
  else if (!isReachable(draft, relation, columns))
    conflict(`The unique key (${list}) of "${name}" holds per tenant, and "${draft.spec.name}" has no tenant.`, 'Add to that key: global: true')
  for (const [index, column] of columns.entries()) checkTypes(issues, draft, path, own[index], relation, column)
  return issues.count() === before
}

function noKeyRemedy({ draft, primaryKey }: Relation): string {
  const key = primaryKey.join(', ')
  if (draft && draft.spec.softDelete !== 'none') return `Rows of a table with soft_delete are unique among those that are there: reference its primary key (${key}).`
  return `Reference its primary key (${key}), or add the unique key first.`
}

/** A key that the tool scopes to the tenant can be referenced by rows of the same tenancy only. */
function isReachable(draft: TableDraft, relation: Relation, columns: string[]): boolean {
  const { spec } = relation.draft ?? {}
  if (!spec || spec.kind !== 'row' || spec.tenantColumn === null || draft.spec.tenantColumn !== null || isSameSet(spec.primaryKey, columns)) return true
  return columns.includes(spec.tenantColumn) || spec.uniques.some((unique) => unique.global && isSameSet(unique.columns, columns))
}

function checkTypes(issues: Reading['issues'], draft: TableDraft, path: Path, own: string | undefined, relation: Relation, column: string): void {
  const mine = own === undefined ? undefined : draft.types.get(own)
  const theirs = relation.columns.find((candidate) => candidate.name === column)?.type
  if (!mine || !theirs) return
  if (!isSameType(mine, theirs))
    issues.add({
      code: 'SPEC_CONFLICT', path,
      message: `"${own}" is ${mine.sql}, and "${relation.schema}.${relation.name}.${column}" is ${theirs.sql}.`,
      remedy: `Write: type: ${theirs.sql}`,
    })
  else if (!hasBtreeEquality(mine))
    issues.add({
      code: 'SPEC_CONFLICT', path,
      message: `"${own}" is ${mine.sql}, and no foreign key can stand on that type.`,
      remedy: `Reference another key of "${relation.schema}.${relation.name}".`,
    })
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item) => right.includes(item))
}
