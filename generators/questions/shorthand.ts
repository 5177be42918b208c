/** Columns in one line: `show_id:core.shows title:text status:draft|published=draft note:text:nullable`. */
import type { Catalog } from '../design/catalog.ts'
import type { ColumnInput } from '../design/input-column.ts'

type Columns = Record<string, string | ColumnInput>

export const shorthandForm = 'title:text  show_id:core.shows  status:draft|done=draft  note:text?'

/** A part that is not understood. */
export class ShorthandError extends Error {
  override readonly name = 'ShorthandError'
}

/** Throws {@link ShorthandError}. Whether types and tables exist is for the spec's reader to say. */
export function parseShorthand(line: string, catalog: Catalog): Columns {
  const columns: Columns = {}
  for (const part of splitParts(line)) {
    const { name, column } = parsePart(part, catalog)
    if (name in columns) throw new ShorthandError(`"${name}" stands there twice.`)
    columns[name] = column
  }
  return columns
}

function parsePart(part: string, catalog: Catalog): { name: string; column: string | ColumnInput } {
  const [, left = '', fallback] = /^([^=]*)(?:=(.*))?$/s.exec(part) ?? []
  const [name = '', type = 'text', ...flags] = left.split(':')
  if (name === '' || type === '') throw new ShorthandError(`"${part}" is not of the form name:type.`)
  const column = columnOfType(type.replace(/\?$/, ''), catalog)
  if (type.endsWith('?')) column.nullable = true
  for (const flag of flags) {
    if (flag === 'nullable' || flag === 'unique') column[flag] = true
    else throw new ShorthandError(`"${flag}" in "${part}" is neither "nullable" nor "unique".`)
  }
  if (fallback !== undefined) column.default = defaultOf(fallback)
  return { name, column: Object.keys(column).length === 1 && !column.references ? column.type : column }
}

/** A call is an expression, everything else a value. */
export function defaultOf(text: string): string | { sql: string } {
  return text.endsWith(')') ? { sql: text } : text
}

function columnOfType(type: string, catalog: Catalog): ColumnInput {
  if (type.includes('|')) return { type: 'text', one_of: type.split('|') }
  const target = referencedTable(type, catalog)
  if (!target) return { type }
  const key = target.columns.find(({ name }) => name === target.primaryKey[0])
  return { type: key?.type ?? 'uuid', references: `${target.schema}.${target.name}`, on_delete: 'restrict' }
}

/** A type wins over a table of the same name: every table is a type as well. */
function referencedTable(type: string, { tables, types }: Catalog) {
  const [name = '', schema] = type.split('.').toReversed()
  const found = tables.filter((table) => table.name === name && (schema === undefined || table.schema === schema) && table.kind !== 'view')
  const isType = types.some((candidate) => candidate.name === name && candidate.schema === schema && candidate.kind !== 'composite')
  return found.length === 1 && !isType ? found[0] : undefined
}

/** At spaces and commas, but not within brackets or quotes. */
export function splitParts(line: string): string[] {
  return line.match(/(?:\([^)]*\)|'[^']*'|"[^"]*"|[^\s,])+/g) ?? []
}
