/** Read paths: over one table in the grammar of the spec, or one select. */
import { type Expression, parseSelect } from '../../sql/expression.ts'
import { SqlSyntaxError } from '../../sql/parser.ts'
import { readType } from './tables/column-types.ts'
import type { QueryInput } from '../input.ts'
import { NameError } from '../names.ts'
import { parseCondition, parseOrderBy, parsePage } from './query-grammar.ts'
import { readExpression } from './read-expression.ts'
import { readRate } from './read-quantity.ts'
import { type Reading, readName, readNames, readQualifiedName } from './reading.ts'
import type { Relation, Relations } from './relations.ts'
import type { Path } from '../source.ts'
import type { Condition, OrderBy, QuerySpec } from '../spec.ts'

export function normalizeQueries(reading: Reading, relations: Relations): QuerySpec[] {
  const names = new Set<string>()
  return Object.entries(reading.input.queries ?? {}).flatMap(([key, input]) => {
    const path = ['queries', key]
    const name = readName(reading, path, key, { key: true })
    if (name !== null && names.has(name))
      reading.issues.add({
        code: 'SPEC_DUPLICATE', path, key: true,
        message: `The query "${name}" stands in this design twice.`,
        remedy: 'Names are folded to lower case, as Postgres does it: choose another.',
      })
    if (name !== null) names.add(name)
    const query = input.sql === undefined ? tableQuery(reading, relations, path, input) : sqlQuery(reading, relations, path, input, input.sql)
    return name === null || !query ? [] : [{ ...query, name }]
  })
}

type Unnamed = Omit<QuerySpec, 'name'>

function tableQuery(reading: Reading, relations: Relations, path: Path, input: QueryInput): Unnamed | null {
  const { issues } = reading
  const common = readCommon(reading, path, input)
  if (input.table === undefined) {
    issues.add({
      code: 'SPEC_MISSING_KEY', path, key: true,
      message: `The query "${String(path.at(-1))}" needs the key "table" or the key "sql".`,
      remedy: `Add for example: table: ${relations.names()[0] ?? 'core.shows'}`,
    })
    return null
  }
  if (input.params)
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'params'], key: true,
      message: 'params belongs to sql: the parameters of where are implied.',
      remedy: 'Remove params.',
    })
  const table = findRelation(reading, relations, [...path, 'table'], input.table)
  if (!table) return null
  const orderBy = readOrder(reading, [...path, 'order_by'], table, input.order_by)
  return {
    ...common,
    table: { schema: table.schema, name: table.name },
    where: (input.where ?? []).flatMap((_, index) => readCondition(reading, [...path, 'where', index], table) ?? []),
    orderBy,
    select: input.select ? readSelected(reading, [...path, 'select'], table, input.select) : null,
    page: readPage(reading, path, input, orderBy),
    sql: null,
    params: [],
  }
}

function readSelected(reading: Reading, path: Path, table: Relation, written: string[]): string[] {
  return readNames(reading, path, written).flatMap(({ name, path: place }) => (hasColumn(reading, place, table, name) ? [name] : []))
}

function sqlQuery(reading: Reading, relations: Relations, path: Path, input: QueryInput, sql: string): Unnamed {
  for (const key of ['table', 'where', 'order_by', 'select', 'page'] as const)
    if (input[key] !== undefined)
      reading.issues.add({
        code: 'SPEC_CONFLICT', path: [...path, key], key: true,
        message: `"${key}" does not go with sql: the select says it.`,
        remedy: `Remove ${key}, or sql.`,
      })
  const params = (input.params ?? []).flatMap((text, index) => readType(reading, [...path, 'params', index], text)?.sql ?? [])
  const common = readCommon(reading, path, input)
  const select = readSelect(reading, relations, [...path, 'sql'], sql)
  if (select && params.length > select.parameters)
    reading.issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'params', select.parameters],
      message: `The query "${String(path.at(-1))}" has ${select.parameters} parameters, and params lists ${params.length} types.`,
      remedy: select.parameters === 0 ? 'Remove params, or use $1 in the sql.' : `Keep the first ${select.parameters}.`,
    })
  return { ...common, table: null, where: [], orderBy: [], select: null, page: { kind: 'none' }, sql: select?.sql ?? sql, params }
}

function readSelect(reading: Reading, relations: Relations, path: Path, sql: string): Expression | null {
  const { issues } = reading
  try {
    const select = parseSelect(sql)
    for (const table of select.tables) {
      const character = Math.max(0, sql.indexOf(table.name))
      if (table.schema === null)
        issues.add({
          code: 'SPEC_EXPRESSION', path, character,
          message: `"${table.name}" has no schema, and the search path is empty.`,
          remedy: `Write for example: ${reading.schema}.${table.name}`,
        })
      else if (!relations.find({ schema: table.schema, name: table.name }))
        issues.unknown({
          path, character, what: 'table', name: `${table.schema}.${table.name}`, known: relations.names(),
        })
    }
    return select
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    issues.add({
      code: 'SPEC_EXPRESSION', path, character: error.position || undefined,
      message: `${error.message.replace(/[.]?$/, '.')}`,
      remedy: 'Write one select that only reads.',
    })
    return null
  }
}

function readCommon(reading: Reading, path: Path, input: QueryInput): Pick<QuerySpec, 'perSecond' | 'as' | 'through'> {
  const role = readName(reading, [...path, 'as'], input.as ?? 'authenticated') ?? 'authenticated'
  const known = [...reading.catalog.roles.map((candidate) => candidate.name), ...Object.keys(reading.input.jobs ?? {})]
  if (!known.includes(role) && !['anon', 'authenticated', 'service_role'].includes(role))
    reading.issues.unknown({
      path: [...path, 'as'], what: 'database role', name: role, known,
    })
  return { as: role, perSecond: readRate(reading, [...path, 'rate']), ...(input.through === 'function' ? { through: 'function' as const } : {}) }
}

export function findRelation(reading: Reading, relations: Relations, path: Path, written: string, { key = false } = {}): Relation | null {
  const name = readQualifiedName(reading, path, written, { key })
  const relation = name && relations.find(name)
  if (name && !relation) reading.issues.unknown({ path, key, what: 'table', name: `${name.schema}.${name.name}`, known: relations.names() })
  return relation
}

function hasColumn({ issues }: Reading, path: Path, table: Relation, name: string): boolean {
  const known = table.columns.map((column) => column.name)
  if (!known.includes(name)) issues.unknown({ path, what: `column of "${table.name}" called`, name, known })
  return known.includes(name)
}

function readCondition(reading: Reading, path: Path, table: Relation): Condition | null {
  const text = reading.source.textOf(path) ?? ''
  const simple = named(reading, path, () => parseCondition(text))
  if (simple) return hasColumn(reading, path, table, simple.column) ? simple : null
  const expression = readExpression(reading, path, { table, columns: table.columns.map((column) => column.name) })
  return expression && { sql: expression.sql, columns: [...new Set(expression.columns.map((parts) => parts.at(-1) ?? ''))] }
}

function readOrder(reading: Reading, path: Path, table: Relation, written: string | undefined): OrderBy[] {
  const order = written === undefined ? [] : (named(reading, path, () => parseOrderBy(written)) ?? [])
  return order.filter(({ column }) => hasColumn(reading, path, table, column))
}

function readPage({ issues }: Reading, path: Path, input: QueryInput, orderBy: OrderBy[]): QuerySpec['page'] {
  const page = parsePage(input.page ?? 'none')
  if (!page)
    issues.add({
      code: 'SPEC_VALUE', path: [...path, 'page'],
      message: `"${input.page}" is not a page.`,
      remedy: 'Write: none, keyset 20, or offset 20 deepest 10k.',
    })
  else if (page.kind !== 'none' && input.order_by === undefined)
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'page'],
      message: 'Pages without an order repeat rows and lose others.',
      remedy: 'Add for example: order_by: created_at desc, id desc',
    })
  return page === null || (page.kind !== 'none' && orderBy.length === 0) ? { kind: 'none' } : page
}

function named<Result>({ issues }: Reading, path: Path, parse: () => Result): Result | null {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof NameError)) throw error
    issues.add({ code: 'SPEC_NAME', path, message: error.message, remedy: error.remedy })
    return null
  }
}
