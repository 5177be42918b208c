/** One declared column. Its SQL is read later, when all columns of the table are known. */
import { plainColumn } from './added-columns.ts'
import { plainDefault } from './column-default.ts'
import { type ColumnType, isText, readType } from './column-types.ts'
import type { ColumnInput } from '../../input-column.ts'
import { readExpression } from '../read-expression.ts'
import type { Reading } from '../reading.ts'
import type { Path } from '../../source.ts'
import type { ColumnSpec } from '../../spec.ts'

/** Null after an issue that leaves no column. */
export function normalizeColumn(reading: Reading, path: Path, name: string, written: string | ColumnInput): { column: ColumnSpec; type: ColumnType } | null {
  const input: ColumnInput = typeof written === 'string' ? { type: written } : written
  const type = readType(reading, typeof written === 'string' ? path : [...path, 'type'], input.type)
  if (!type) return null
  checkCompanions(reading, path, name, input)
  const oneOf = input.one_of ? readOneOf(reading, [...path, 'one_of'], input.one_of.length, type) : null
  const column = plainColumn(name, type.sql, 'declared', {
    nullable: input.nullable ?? false,
    oneOf,
    default: readDefault(reading, path, name, input, type, oneOf),
    pii: input.pii ?? null,
    erase: input.erase ?? null,
    immutable: input.immutable ?? false,
    serverOnly: input.server_only ?? false,
    comment: input.comment ?? null,
  })
  return { column, type }
}

function checkCompanions({ issues }: Reading, path: Path, name: string, input: ColumnInput): void {
  if (input.references !== undefined && input.on_delete === undefined)
    issues.add({
      code: 'SPEC_MISSING_KEY', path: [...path, 'references'], key: true,
      message: `"${name}" references another table and needs the key "on_delete".`,
      remedy: 'Use one of: cascade, restrict, set null, no action.',
    })
  if (input.references === undefined && input.on_delete !== undefined)
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'on_delete'], key: true,
      message: `"${name}" has on_delete and references nothing.`,
      remedy: 'Add: references: schema.table',
    })
  if (input.erase === 'keep' && !input.because)
    issues.add({
      code: 'SPEC_MISSING_KEY', path: [...path, 'erase'], key: true,
      message: `"${name}" is kept when its person is erased, and needs the key "because".`,
      remedy: 'Add: because: <the duty to keep it>',
    })
  if (input.generated !== undefined && 'default' in input)
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'generated'], key: true,
      message: `"${name}" has a default and is generated.`,
      remedy: 'Keep one of the two.',
    })
}

function readOneOf({ source, issues }: Reading, path: Path, length: number, type: ColumnType): string[] {
  if (!isText(type))
    issues.add({
      code: 'SPEC_CONFLICT', path, key: true,
      message: `one_of is for text, and the column is ${type.sql}.`,
      remedy: 'Use type: text, or a check.',
    })
  const values: string[] = []
  for (let index = 0; index < length; index += 1) {
    const value = source.textOf([...path, index]) ?? ''
    if (values.includes(value))
      issues.add({
        code: 'SPEC_DUPLICATE', path: [...path, index],
        message: `The value "${value}" stands in the list twice.`,
        remedy: `Keep one "${value}".`,
      })
    values.push(value)
  }
  return values
}

function readDefault(reading: Reading, columnPath: Path, name: string, input: ColumnInput, type: ColumnType, oneOf: string[] | null): string | null {
  const path = [...columnPath, 'default']
  if (input.default === undefined) return null
  if (input.default === null) {
    if (!input.nullable)
      reading.issues.add({
        code: 'SPEC_VALUE', path,
        message: `"${name}" cannot be null, so null cannot be its default.`,
        remedy: 'Add nullable: true, or leave default out. An empty text is "".',
      })
    return null
  }
  if (typeof input.default === 'object') return readExpression(reading, [...path, 'sql'], { table: null, columns: [] })?.sql ?? null
  const text = reading.source.textOf(path) ?? ''
  if (oneOf && !oneOf.includes(text)) {
    reading.issues.add({
      code: 'SPEC_VALUE', path,
      message: `The default "${text}" of "${name}" is not in its one_of.`,
      remedy: `Use one of: ${oneOf.join(', ')}.`,
    })
    return null
  }
  const result = plainDefault(text, type)
  if ('sql' in result) return result.sql
  reading.issues.add({ code: 'SPEC_VALUE', path, message: `The default of "${name}": ${result.fault}`, remedy: result.remedy })
  return null
}
