/** Declared queries as SQL with parameters, and what a reviewer should know about them. */
import { type Catalog, findTable } from '../design/catalog.ts'
import type { QueryPlan } from '../design/plan.ts'
import { leakyConditions } from '../design/leaky-conditions.ts'
import { type Condition, type OrderBy, type QuerySpec, type Spec, type TableSpec, scopeColumn } from '../design/spec.ts'
import type { ViewSpec } from '../design/view-spec.ts'
import { bracketed } from '../sql/bracketed.ts'
import { ident, identList, qualified } from '../sql/identifier.ts'
import { findView } from './views.ts'

/** What is known of a table that a query reads, new or existing. */
export interface QueriedTable {
  columns: { name: string; type: string; nullable: boolean }[]
  primaryKey: string[]
  /** Columns that together differ from row to row and are never null, the primary key left out. */
  uniqueKeys: string[][]
  tenantColumn: string | null
  softDelete: boolean
  isNew: boolean
}

export function queriedTable(spec: Spec, catalog: Catalog, schema: string, name: string): QueriedTable | null {
  const planned = spec.tables.find((table) => table.schema === schema && table.name === name)
  if (planned) return { ...planned, uniqueKeys: plannedKeys(planned), softDelete: planned.softDelete !== 'none', isNew: true }
  const view = findView(spec, { schema, name })
  if (view) return queriedView(view, spec, catalog)
  const existing = findTable(catalog, schema, name)
  if (!existing) return null
  const tenant = spec.tenancy.model === 'none' ? null : spec.tenancy.column
  return { ...existing, uniqueKeys: existing.uniques.filter(({ where }) => where === null).map(({ columns }) => columns).filter((columns) => neverNull(columns, existing.columns)), tenantColumn: existing.columns.some((column) => column.name === tenant) ? tenant : null, softDelete: false, isNew: false }
}

/** Keys of its one table, as far as the view shows them. */
function queriedView({ table, columns }: ViewSpec, spec: Spec, catalog: Catalog): QueriedTable {
  const base = table && queriedTable(spec, catalog, table.schema, table.name)
  const shows = (key: readonly string[]) => key.every((name) => columns.some((column) => column.name === name))
  const tenant = columns.find(({ source }) => source !== null && queriedTable(spec, catalog, source.table.schema, source.table.name)?.tenantColumn === source.column)
  return {
    columns: columns.map(({ name, type, nullable }) => ({ name, type: type ?? 'unknown', nullable })),
    primaryKey: base && shows(base.primaryKey) ? base.primaryKey : [],
    uniqueKeys: base?.uniqueKeys.filter(shows) ?? [],
    tenantColumn: tenant?.name ?? null,
    softDelete: false,
    isNew: true,
  }
}

/** Scoped to the tenant as the keys will be. With soft delete they hold for live rows only, and the service sees the others. */
function plannedKeys(table: TableSpec): string[][] {
  const { uniques, columns, softDelete } = table
  const scope = scopeColumn(table)
  return uniques
    .filter(({ where }) => where === null && softDelete === 'none')
    .map((key) => [...new Set([...(scope !== null && !key.global ? [scope] : []), ...key.columns])])
    .filter((key) => neverNull(key, columns))
}

function neverNull(key: readonly string[], columns: readonly { name: string; nullable: boolean }[]): boolean {
  return key.every((name) => columns.some((column) => column.name === name && !column.nullable))
}

/** The index is chosen later, from what this says. `rule`: of a function that works past the policies; it takes the first page without a position. */
export function planQuery(query: QuerySpec, spec: Spec, catalog: Catalog, rule: string | null = null): Omit<QueryPlan, 'index'> {
  if (query.sql !== null) return { query, sql: query.sql, parameters: query.params.map((type) => ({ column: null, type, role: 'other' })), warnings: [] }
  const table = query.table && queriedTable(spec, catalog, query.table.schema, query.table.name)
  if (!query.table || !table) throw new Error(`Query ${query.name} has no table.`)
  const parameters: QueryPlan['parameters'] = []
  const typeOf = (column: string) => table.columns.find((candidate) => candidate.name === column)?.type ?? 'text'
  const bind = (column: string, type: string, role: QueryPlan['parameters'][number]['role']) => `$${parameters.push({ column, type, role })}`
  const where = [...(rule === null ? [] : [rule.replaceAll('\n', '\n  ')]), ...query.where.map((condition) => conditionSql(condition, typeOf, bind))]
  const order = totalOrder(query, table)
  const first = `$${parameters.length + 1}`
  const bound = query.page.kind === 'keyset' ? keysetBound(order, typeOf, bind) : null
  const position = bound === null ? [] : [rule === null ? bound : `(${first} is null or ${bound})`]
  const select = `select ${query.select ? identList(query.select) : '*'}`
  const page = [
    ...(order.length > 0 ? [`order by ${order.map(orderSql).join(', ')}`] : []),
    ...(query.page.kind === 'none' ? [] : [`limit ${query.page.size}`]),
    ...(query.page.kind === 'offset' ? [`offset ${bind('', 'bigint', 'offset')}`] : []),
  ]
  const lines = isPagedSearch(query, rule !== null || query.as === 'service_role')
    ? ['with matching as materialized (', ...['select *', ...fromWhere(qualified(query.table), where)].map(indented), ')', select, ...fromWhere('matching', position), ...page]
    : [select, ...fromWhere(qualified(query.table), [...where, ...position]), ...page]
  return { query, sql: lines.join('\n'), parameters, warnings: warnings(query, table) }
}

/** A page that is continued needs an order without ties: the primary key ends it, unless what is compared and ordered is a key already. */
export function totalOrder(query: QuerySpec, table: QueriedTable): OrderBy[] {
  if (query.page.kind === 'none' || query.orderBy.length === 0) return query.orderBy
  const equal = query.where.flatMap((condition) => ('column' in condition && condition.operator === '=' ? [condition.column] : []))
  const fixed = new Set([...equal, ...query.orderBy.map(({ column }) => column)])
  if (table.uniqueKeys.some((key) => key.every((column) => fixed.has(column)))) return query.orderBy
  const missing = table.primaryKey.filter((column) => !fixed.has(column))
  const direction = query.orderBy.at(-1)?.direction ?? 'asc'
  return [...query.orderBy, ...missing.map((column): OrderBy => ({ column, direction, nulls: null }))]
}

/**
 * Search in the order of something else. Of `@>`, `&&` and `@@` Postgres takes one row in a hundred to match, would find a
 * page of them fastest in the order that is asked for, and reads the whole table when few do: what matches comes first.
 */
function isPagedSearch({ where, orderBy, page }: QuerySpec, isPastPolicies: boolean): boolean {
  return isPastPolicies && page.kind !== 'none' && orderBy.length > 0 && where.some((condition) => 'column' in condition && ['@>', '&&', '@@'].includes(condition.operator))
}

function fromWhere(source: string, conditions: readonly string[]): string[] {
  return [`from ${source}`, ...(conditions.length > 0 ? [`where ${conditions.join('\n  and ')}`] : [])]
}

function indented(line: string): string {
  return `  ${line.replaceAll('\n', '\n  ')}`
}

type Bind = (column: string, type: string, role: QueryPlan['parameters'][number]['role']) => string

function conditionSql(condition: Condition, typeOf: (column: string) => string, bind: Bind): string {
  if ('sql' in condition) return bracketed(condition.sql)
  const { column, operator } = condition
  const name = ident(column)
  const type = typeOf(column)
  switch (operator) {
    case 'is null':
    case 'is not null':
      return `${name} ${operator}`
    case 'in':
      return `${name} = any (${bind(column, `${type}[]`, 'list')})`
    case 'between':
      return `${name} between ${bind(column, type, 'range')} and ${bind(column, type, 'range')}`
    case '@@':
      return `${name} @@ websearch_to_tsquery(${bind(column, 'text', 'other')})`
    case '=':
      return `${name} = ${bind(column, type, 'equal')}`
    case 'like':
    case 'ilike':
    case '@>':
    case '&&':
    case '<>':
      return `${name} ${operator} ${bind(column, type, 'other')}`
    default:
      return `${name} ${operator} ${bind(column, type, 'range')}`
  }
}

/** A row comparison when all directions agree, which an index can start at; spelled out otherwise. */
function keysetBound(order: OrderBy[], typeOf: (column: string) => string, bind: Bind): string {
  const cursors = order.map((one) => ({ ...one, parameter: bind(one.column, typeOf(one.column), 'cursor') }))
  const sign = (direction: OrderBy['direction']) => (direction === 'desc' ? '<' : '>')
  const first = cursors[0]
  if (first && cursors.every((one) => one.direction === first.direction)) {
    if (cursors.length === 1) return `${ident(first.column)} ${sign(first.direction)} ${first.parameter}`
    return `(${identList(cursors.map((one) => one.column))}) ${sign(first.direction)} (${cursors.map((one) => one.parameter).join(', ')})`
  }
  const branches = cursors.map((one, index) =>
    [...cursors.slice(0, index).map((before) => `${ident(before.column)} = ${before.parameter}`), `${ident(one.column)} ${sign(one.direction)} ${one.parameter}`].join(' and '),
  )
  return `(${branches.map((branch) => `(${branch})`).join(' or ')})`
}

function orderSql({ column, direction, nulls }: OrderBy): string {
  return [ident(column), ...(direction === 'desc' ? ['desc'] : []), ...(nulls ? [`nulls ${nulls}`] : [])].join(' ')
}

/** Of a client that asks by itself: whether it matters shows in the plan. */
function leakyWarnings(query: QuerySpec): string[] {
  return query.as === 'service_role' || query.through !== undefined ? [] : leakyConditions(query).map(({ column, operator }) => leakyWarning(`\`${column} ${operator}\``, query.as))
}

const afterPolicy = 'filters rows after the policy and cannot use an index.'

export function leakyWarning(condition: string, as: string): string {
  return `${condition} is not leakproof: for ${as} it ${afterPolicy}`
}

export function isLeaky(warning: string): boolean {
  return warning.endsWith(afterPolicy)
}

function warnings(query: QuerySpec, table: QueriedTable): string[] {
  const found: string[] = []
  const equal = query.where.flatMap((condition) => ('column' in condition && condition.operator === '=' ? [condition.column] : []))
  const isClient = query.as !== 'service_role'
  if (table.tenantColumn !== null && !equal.includes(table.tenantColumn) && !isClient) found.push(`No \`${table.tenantColumn} =\` among its conditions: ${query.as} reads the rows of every tenant.`)
  found.push(...leakyWarnings(query))
  if (isPagedSearch(query, !isClient)) found.push('Written with a materialized part, because Postgres expects one row in a hundred to match: it would look for them in the order of the page, through the whole table when few do.')
  if (query.page.kind !== 'none' && query.orderBy.length > 0 && table.primaryKey.length === 0 && table.uniqueKeys.length === 0) found.push('What it reads shows no key, so the order may have ties: a page may repeat a row or lose one.')
  if (query.page.kind === 'keyset' && query.orderBy.length === 0) found.push('A keyset page without order_by has no position to go on from.')
  if (query.page.kind === 'keyset' && new Set(query.orderBy.map((order) => order.direction)).size > 1)
    found.push('Mixed directions: the position cannot be one row comparison, so the page starts with a filter instead of an index position.')
  for (const order of query.orderBy)
    if (query.page.kind === 'keyset' && table.columns.some((column) => column.name === order.column && column.nullable))
      found.push(`\`${order.column}\` may be null, and a keyset comparison skips rows where it is.`)
  return found
}
