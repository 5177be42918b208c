/** One table in the format of TRR's schema docs: Markdown for people, JSON for programs, both without a last newline. */
import type { DocumentedColumn, DocumentedTable } from '../../design/documented-table.ts'
import { renderTemplate } from '../../render/template.ts'

/** The texts of `<schema>.<table>.json` and `.md`. */
export async function renderTableDoc(table: DocumentedTable): Promise<{ json: string; md: string }> {
  const json = {
    schema: table.schema,
    table: table.name,
    columns: table.columns.map((column) => ({
      name: column.name,
      data_type: column.dataType,
      is_nullable: yesNo(column.nullable),
      default: column.default,
      is_identity: yesNo(column.identity),
      is_generated: column.generated ? 'ALWAYS' : 'NEVER',
    })),
    primary_key: table.primaryKey,
    foreign_keys: table.foreignKeys,
    unique_constraints: table.uniqueConstraints,
    indexes: table.indexes.map(({ name, keys, unique, definition }) => ({ name, columns: keys, unique, definition })),
    rls_enabled: table.rowSecurity,
    example_row: exampleRow(table.columns),
  }
  return { json: toJson(json), md: await markdown(table) }
}

async function markdown(table: DocumentedTable): Promise<string> {
  const text = await renderTemplate('schema-docs/table.md.ejs', {
    name: `${table.schema}.${table.name}`,
    columns: table.columns.map(columnRow),
    primaryKey: table.primaryKey.join(', ') || none,
    uniqueConstraints: bullets(table.uniqueConstraints.map((names) => names.join(', '))),
    foreignKeys: bullets(table.foreignKeys.map(({ column, references }) => `${column} -> ${references}`)),
    indexes: bullets(table.indexes.map(({ name, keys, unique }) => `${name} (${unique ? 'unique' : 'non-unique'}): ${keys.join(', ')}`)),
    rowSecurity: table.rowSecurity,
    exampleRow: toJson(exampleRow(table.columns)),
  })
  return text.trimEnd()
}

const none = '(none)'

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n') || none
}

function columnRow({ name, dataType, nullable, default: value, identity, generated }: DocumentedColumn): string {
  return `| ${[name, dataType, yesNo(nullable), value ?? '', yesNo(identity), generated ? 'ALWAYS' : 'NEVER'].join(' | ')} |`
}

function yesNo(value: boolean): string {
  return value ? 'YES' : 'NO'
}

const numbers = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'])
const placeholders: Record<string, unknown> = {
  ARRAY: [],
  boolean: false,
  json: {},
  jsonb: {},
  uuid: '00000000-0000-0000-0000-000000000000',
  date: '1970-01-01',
  'timestamp without time zone': '1970-01-01T00:00:00Z',
  'timestamp with time zone': '1970-01-01T00:00:00Z',
}

/** Invented values by type alone: real ones never leave the database. */
function exampleRow(columns: readonly DocumentedColumn[]): Record<string, unknown> {
  return Object.fromEntries(columns.map(({ name, dataType }) => [name, numbers.has(dataType) ? 0 : (placeholders[dataType] ?? 'example')]))
}

/** As Python's `json.dumps` writes it: everything beyond ASCII is escaped. */
function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
