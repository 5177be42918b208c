/** Types of columns: that they exist, how they are emitted, and when two are the same. */
import { ident } from '../../../sql/identifier.ts'
import { type TypeName, parseTypeName } from '../../../sql/expression.ts'
import { SqlSyntaxError } from '../../../sql/parser.ts'
import type { Catalog, CatalogType } from '../../catalog.ts'
import type { Reading } from '../reading.ts'
import { suggestion } from '../../issues.ts'
import type { Path } from '../../source.ts'

export interface ColumnType {
  /** As emitted; qualified unless Postgres itself has it. */
  sql: string
  /** `pg_catalog.int4`, `core.show_kind`: the same for every spelling. */
  id: string
  /** `int4`, `show_kind`. */
  name: string
  isArray: boolean
  /** Null for types of Postgres that the catalog does not list. */
  catalog: CatalogType | null
}

const searchPath = ['pg_catalog', 'public', 'extensions']
const timesOfDay = new Set(['timestamptz', 'timestamp', 'time', 'timetz', 'interval'])
const serials = new Set(['serial', 'bigserial', 'smallserial', 'serial2', 'serial4', 'serial8'])
const familiarNames = 'text uuid integer bigint smallint boolean numeric timestamptz timestamp date time interval jsonb bytea varchar inet'.split(' ')

/** Null after an issue. */
export function readType(reading: Reading, path: Path, text: string): ColumnType | null {
  const { issues, catalog } = reading
  const parsed = parse(reading, path, text)
  if (!parsed) return null
  if (serials.has(parsed.name)) {
    issues.add({
      code: 'SPEC_VALUE', path,
      message: `${text} is not a type, but a default from a sequence that others may use.`,
      remedy: 'For a numbered key write at the table: id: bigint',
    })
    return null
  }
  const found = resolve(parsed, catalog)
  const digits = found && timesOfDay.has(found.name) ? Number(/\((\d+)\)/.exec(parsed.sql)?.[1] ?? 0) : 0
  if (digits > 6)
    // The server only warns, and keeps six.
    issues.add({
      code: 'SPEC_VALUE', path,
      message: `${text} asks for ${digits} digits of a second, and Postgres keeps 6.`,
      remedy: `Write: ${parsed.sql.replace(/\(\d+\)/, '')}`,
    })
  if (!found) {
    const known = [...familiarNames, ...catalog.types.map((type) => (searchPath.includes(type.schema) ? type.name : `${type.schema}.${type.name}`))]
    const name = parsed.schema === null ? parsed.name : `${parsed.schema}.${parsed.name}`
    const extension = extensionTypes[parsed.name]
    const remedy = extension ? `It comes with an extension. Add a migration first: ${createExtension(extension)};` : suggestion(name, known)
    issues.add({ code: 'SPEC_UNKNOWN_NAME', path, message: `There is no type "${name}".`, remedy })
  }
  return found
}

/** What a type of the extension needs first; where Supabase keeps extensions. */
export function createExtension(extension: string): string {
  return `create extension if not exists ${ident(extension)} with schema extensions`
}

/** Types that Postgres knows after an extension, by the extension's name. */
export const extensionTypes: Record<string, string> = { citext: 'citext', hstore: 'hstore', ltree: 'ltree', cube: 'cube', vector: 'vector', halfvec: 'vector' }

/** Stands in for a type that could not be read, so that the column is there for everything else that is checked. */
export const unreadType: ColumnType = { sql: 'unknown', id: 'unread', name: 'unread', isArray: false, catalog: null }

/** The type of an existing column, as `format_type` prints it. */
export function typeOfText(text: string, catalog: Catalog): ColumnType {
  const parsed = parseTypeName(text)
  return resolve(parsed, catalog) ?? { sql: parsed.sql, id: `${parsed.schema ?? '?'}.${parsed.name}`, name: parsed.name, isArray: parsed.isArray, catalog: null }
}

/** Lengths and precisions do not count: a foreign key compares values. */
export function isSameType(left: ColumnType, right: ColumnType): boolean {
  return left === unreadType || right === unreadType || (left.id === right.id && left.isArray === right.isArray)
}

const withoutEquality = new Set(['json', 'xml', 'point', 'box', 'lseg', 'line', 'path', 'polygon', 'circle'])

/** Whether a unique key or a foreign key can stand on it. */
export function hasBtreeEquality(type: ColumnType): boolean {
  return !withoutEquality.has(type.name)
}

export function isText(type: ColumnType): boolean {
  return !type.isArray && ['text', 'varchar', 'bpchar', 'citext'].includes(type.name)
}

export function isTime(type: ColumnType): boolean {
  return !type.isArray && ['timestamptz', 'timestamp', 'date'].includes(type.name)
}

function parse({ issues }: Reading, path: Path, text: string): TypeName | null {
  try {
    if (text.length > 200) throw new SqlSyntaxError('It is too long.', 0)
    return parseTypeName(text)
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    issues.add({
      code: 'SPEC_EXPRESSION', path, character: error.position || undefined,
      message: `${JSON.stringify(text)} is not one type name.`,
      remedy: 'Write it as in create table: text, numeric(10,2), timestamptz, text[].',
    })
    return null
  }
}

function resolve(parsed: TypeName, catalog: Catalog): ColumnType | null {
  const schemas = parsed.schema === null ? searchPath : [parsed.schema]
  for (const schema of schemas) {
    const type = catalog.types.find((candidate) => candidate.schema === schema && candidate.name === parsed.name)
    if (!type && !(schema === 'pg_catalog' && isBuiltIn(parsed.name))) continue
    const sql = parsed.schema === null && schema !== 'pg_catalog' ? `${ident(schema)}.${parsed.sql}` : parsed.sql
    return { sql, id: `${schema}.${parsed.name}`, name: parsed.name, isArray: parsed.isArray, catalog: type ?? null }
  }
  return null
}

/** A catalog may list only types of the repository and its extensions. */
const builtIn = new Set(
  `
    bool int2 int4 int8 float4 float8 numeric money text varchar bpchar char name bytea uuid json jsonb jsonpath xml date time timetz
    timestamp timestamptz interval inet cidr macaddr macaddr8 bit varbit point line lseg box path polygon circle tsvector tsquery oid
    int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange
    tstzmultirange datemultirange
  `.trim().split(/\s+/),
)

function isBuiltIn(name: string): boolean {
  return builtIn.has(name)
}
