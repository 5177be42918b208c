/** Checks, generated columns, unique keys and declared indexes of one table: everything that needs its columns only. */
import { readExpression } from '../read-expression.ts'
import { fileChecks, fileUniques } from '../files/file-columns.ts'
import { fitsIndex } from './key-width.ts'
import { hasBtreeEquality } from './column-types.ts'
import { type Reading, readName, readNames } from '../reading.ts'
import type { Path } from '../../source.ts'
import type { UniqueSpec } from '../../key-spec.ts'
import type { TableSpec } from '../../spec.ts'
import { type TableDraft, columnNames, findColumn } from '../table-draft.ts'

export function normalizeConstraints(reading: Reading, draft: TableDraft): void {
  const { spec } = draft
  if (!draft.input) return
  readColumnSql(reading, draft)
  spec.checks = [...readChecks(reading, draft), ...fileChecks(reading, draft)]
  spec.uniques = [...readUniques(reading, draft), ...fileUniques(reading, draft)]
  spec.indexes = readIndexes(reading, draft)
  for (const name of spec.primaryKey) requireEquality(reading, draft, [...draft.path, 'primary_key'], name)
}

/**
 * Identifiers of other systems: scalars by name, no metadata. `jsonb_path_exists` is immutable, so a check may call it.
 * Strict, because lax paths look into arrays; silent, because strict ones fail on what is no object.
 */
const identifiersOnly = `jsonb_typeof(external_ids) = 'object' and not jsonb_path_exists(external_ids, 'strict $.* ? (@.type() == "object" || @.type() == "array")', '{}', true)`

function readColumnSql(reading: Reading, draft: TableDraft): void {
  for (const [name, path] of draft.columnPaths) {
    const column = findColumn(draft, name)
    if (!column) continue
    const scope = { table: draft.spec, columns: columnNames(draft) }
    column.check = readExpression(reading, [...path, 'check'], { ...scope, about: 'row' })?.sql ?? null
    const generated = readExpression(reading, [...path, 'generated'], { ...scope, immutable: true })
    column.generated = generated?.sql ?? null
    if (generated) checkGenerated(reading, draft, [...path, 'generated'], generated.columns)
    if (name !== 'external_ids' || draft.types.get(name)?.name !== 'jsonb' || draft.types.get(name)?.isArray) continue
    column.check = column.check === null ? identifiersOnly : `(${column.check}) and ${identifiersOnly}`
  }
}

function checkGenerated({ issues }: Reading, draft: TableDraft, path: Path, references: string[][]): void {
  const others = references.map((parts) => parts.at(-1) ?? '').filter((name) => isGenerated(draft, name))
  for (const other of new Set(others))
    issues.add({
      code: 'SPEC_CONFLICT', path,
      message: `A generated column cannot read "${other}", which is generated itself.`,
      remedy: 'Repeat the expression of the other column.',
    })
}

function isGenerated({ input, columnPaths }: TableDraft, name: string): boolean {
  const written = input?.columns[String(columnPaths.get(name)?.at(-1))]
  return typeof written === 'object' && written.generated !== undefined
}

function readChecks(reading: Reading, draft: TableDraft): TableSpec['checks'] {
  const scope = { table: draft.spec, columns: columnNames(draft), about: 'row' } as const
  const names = new Set<string>()
  return (draft.input?.checks ?? []).flatMap((written, index) => {
    const path = [...draft.path, 'checks', index]
    const isLong = typeof written === 'object'
    const name = isLong && written.name !== undefined ? readName(reading, [...path, 'name'], written.name) : null
    if (name !== null && names.has(name))
      reading.issues.add({
        code: 'SPEC_DUPLICATE', path: [...path, 'name'],
        message: `Two checks of "${draft.spec.name}" are called "${name}".`,
        remedy: 'Give one of them another name.',
      })
    if (name !== null) names.add(name)
    const expression = readExpression(reading, isLong ? [...path, 'sql'] : path, scope)
    return expression ? [{ name, sql: expression.sql }] : []
  })
}

function readUniques(reading: Reading, draft: TableDraft): UniqueSpec[] {
  const single = [...draft.columnPaths].filter(([, path]) => {
    const written = draft.input?.columns[String(path.at(-1))]
    return typeof written === 'object' && written.unique === true
  })
  const uniques: UniqueSpec[] = single.map(([name, path]) => {
    requireEquality(reading, draft, [...path, 'unique'], name)
    return { columns: [name], where: null, nullsNotDistinct: false, global: false }
  })
  for (const [index, written] of (draft.input?.unique ?? []).entries()) {
    const path = [...draft.path, 'unique', index]
    const unique = readUnique(reading, draft, path, written)
    if (!unique) continue
    const isKey = unique.where === null && unique.columns.toSorted().join('\n') === draft.spec.primaryKey.toSorted().join('\n')
    const isTwin = (other: UniqueSpec) => other.columns.toSorted().join('\n') === unique.columns.toSorted().join('\n') && other.where === unique.where
    if (isKey)
      reading.issues.add({
        code: 'SPEC_DUPLICATE', path,
        message: `(${unique.columns.join(', ')}) is the primary key of "${draft.spec.name}", and unique already.`,
        remedy: 'Leave it out of unique.',
      })
    else if (uniques.some(isTwin))
      reading.issues.add({
        code: 'SPEC_DUPLICATE', path,
        message: `The unique key (${unique.columns.join(', ')}) of "${draft.spec.name}" stands there twice.`,
        remedy: 'Remove one of them.',
      })
    else uniques.push(unique)
  }
  return uniques
}

type UniqueInput = NonNullable<NonNullable<TableDraft['input']>['unique']>[number]

function readUnique(reading: Reading, draft: TableDraft, path: Path, written: UniqueInput): UniqueSpec | null {
  const long = Array.isArray(written) ? { columns: written } : written
  const columns = readColumns(reading, draft, Array.isArray(written) ? path : [...path, 'columns'], long.columns)
  if (!columns) return null
  for (const { name, path: place } of columns) requireEquality(reading, draft, place, name)
  const where = long.where === undefined ? null : readExpression(reading, [...path, 'where'], { table: draft.spec, columns: columnNames(draft), immutable: true })
  return { columns: columns.map(({ name }) => name), where: where?.sql ?? null, nullsNotDistinct: long.nulls_not_distinct ?? false, global: long.global ?? false }
}

function requireEquality({ issues }: Reading, draft: TableDraft, path: Path, name: string): void {
  const type = draft.types.get(name)
  if (type && !hasBtreeEquality(type))
    issues.add({
      code: 'SPEC_CONFLICT', path,
      message: `"${name}" is ${type.sql}, and no unique key can stand on that type.`,
      remedy: type.name === 'json' ? 'Use type: jsonb' : 'Leave it out of the key.',
    })
}

function readIndexes(reading: Reading, draft: TableDraft): TableSpec['indexes'] {
  return (draft.input?.indexes ?? []).flatMap((written, index) => {
    const path = [...draft.path, 'indexes', index]
    const columns = readColumns(reading, draft, [...path, 'columns'], written.columns)
    const include = written.include ? readColumns(reading, draft, [...path, 'include'], written.include) : []
    const where = readExpression(reading, [...path, 'where'], { table: draft.spec, columns: columnNames(draft), immutable: true })
    if (!columns || !include) return []
    return [{ columns: columns.map(({ name }) => name), using: written.using ?? 'btree', where: where?.sql ?? null, include: include.map(({ name }) => name) }]
  })
}

/** Columns of this table, each once. Null after an issue. */
export function readColumns(reading: Reading, draft: TableDraft, path: Path, written: readonly string[]): { name: string; path: Path }[] | null {
  const names = readNames(reading, path, written)
  const known = columnNames(draft)
  let isFine = names.length === written.length && fitsIndex(reading, draft, path, written.length)
  for (const [index, { name, path: place }] of names.entries()) {
    const isTwice = names.findIndex((other) => other.name === name) < index
    if (isTwice) reading.issues.add({ code: 'SPEC_DUPLICATE', path: place, message: `"${name}" stands in the list twice.`, remedy: `Remove one "${name}".` })
    if (!known.includes(name)) reading.issues.unknown({ path: place, what: `column of "${draft.spec.name}" called`, name, known })
    isFine &&= !isTwice && known.includes(name)
  }
  return isFine ? names : null
}
