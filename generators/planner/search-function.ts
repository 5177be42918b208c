/**
 * A query of clients that row level security would keep from its index: a function repeats the rule of SELECT, and runs
 * with the rights of its owner, for whom every operator may use an index.
 */
import type { Catalog } from '../design/catalog.ts'
import { leakyConditions } from '../design/leaky-conditions.ts'
import { findSpec } from '../design/parent-rules.ts'
import type { FunctionPlan, QueryPlan } from '../design/plan.ts'
import { type QuerySpec, type Spec, type TableSpec, columnOf } from '../design/spec.ts'
import type { PolicyHelpers } from '../patterns/define-pattern.ts'
import { amongOthers, rulePredicate } from '../patterns/rule-predicate.ts'
import { floorPredicate } from '../patterns/tenant-floor.ts'
import { bracketed } from '../sql/bracketed.ts'
import { composedName, ident, qualified } from '../sql/identifier.ts'
import { planFunction } from './plan-function.ts'
import { planQuery } from './queries.ts'

export interface SearchPlan {
  functions: FunctionPlan[]
  query: Omit<QueryPlan, 'index'>
}

/** A page that holds them all. */
const everyRow = 1_000_000

/** Two functions, as for every client call: the exposed one has the caller's rights, and only calls the other. */
export function planSearch(query: QuerySpec, spec: Spec, catalog: Catalog, helpers: PolicyHelpers): SearchPlan {
  const table = query.table && findSpec(spec.tables, query.table)
  if (!table) throw new Error(`${query.name} reads no table of the design.`)
  const { sql: rule, says, roles } = ruleOf(table, spec, helpers)
  const planned = planQuery(query, spec, catalog, rule)
  const parameters = named(planned.parameters)
  const name = { schema: table.schema, name: query.name }
  const shared = { argumentTypes: parameters.map(({ type }) => type).join(', '), executableBy: roles, file: 'rls' as const }
  const typed = (parameter: (typeof parameters)[number]) => `${ident(parameter.name)} ${parameter.type}`
  const returns = query.select === null ? `setof ${qualified(table)}` : `table(${query.select.map((column) => `${ident(column)} ${columnOf(table, column).type}`).join(', ')})`
  const worker = planFunction(
    { ...shared, base: query.name, arguments: parameters.map(typed).join(', '), returns, language: 'sql', volatility: 'stable', securityDefiner: true, kind: 'policy helper', body: indented(planned.sql), comment: `Does the work of ${qualified(name)}, with the rule of SELECT on ${qualified(table)} in its conditions.` },
    spec,
    catalog,
  )
  const given = parameters.map((parameter) => `${typed(parameter)}${parameter.isPosition ? ' default null' : ''}`).join(', ')
  const found = leakyConditions(query).map(({ column, operator }) => `${column} ${operator}`).join(', ')
  const exposed: FunctionPlan = {
    ...shared,
    name,
    arguments: given,
    kind: 'client call',
    exists: false,
    comment: `Rows of ${table.name} by ${found}: those that the caller may see (${says}), ${query.page.kind === 'keyset' ? query.page.size : 0} at a time. Without a position, the first page.`,
    definition: [`create function ${qualified(name)}(${given})`, `returns ${returns}`, 'language sql', 'stable', "set search_path = ''", 'begin atomic', `  select * from ${qualified(worker.name)}(${parameters.map((parameter) => ident(parameter.name)).join(', ')});`, 'end'].join('\n'),
  }
  const call = `select * from ${qualified(name)}(${parameters.map((_, place) => `$${place + 1}`).join(', ')})`
  return { functions: [worker, exposed], query: { ...planned, search: { name, call, direct: planQuery(query, spec, catalog).sql, matching: planQuery({ ...query, select: table.primaryKey, page: { kind: 'keyset', size: everyRow } }, spec, catalog, 'true').sql } } }
}

/** What the policies ask of a row, the floor below them included. */
function ruleOf(table: TableSpec, spec: Spec, helpers: PolicyHelpers): { sql: string; says: string; roles: FunctionPlan['executableBy'] } {
  const context = { table, tables: spec.tables, tenancy: spec.tenancy, helpers }
  const rule = rulePredicate(table.access.select, { where: table.access.where, live: true, mfa: table.access.mfa.includes('select') }, context)
  if (!rule?.sql) throw new Error(`Nothing keeps rows of ${table.name} apart.`)
  const sql = amongOthers(rule.sql)
  const floor = table.floor ? bracketed(floorPredicate(context)) : null
  // Where the rule begins with it, once is enough.
  return { sql: floor === null || sql.split('\nand ').includes(floor) ? sql : `${floor}\nand ${sql}`, says: rule.says, roles: rule.roles }
}

/** `wanted_title`, and `after_created_at` for the position; numbered where a column is compared twice. */
function named(parameters: QueryPlan['parameters']): { name: string; type: string; isPosition: boolean }[] {
  const seen = new Map<string, number>()
  return parameters.map(({ column, type, role }) => {
    const base = composedName([role === 'cursor' ? 'after' : 'wanted'], column ?? 'value')
    const place = (seen.get(base) ?? 0) + 1
    seen.set(base, place)
    return { name: place === 1 ? base : composedName([base], String(place)), type, isPosition: role === 'cursor' }
  })
}

function indented(sql: string): string {
  return `  ${sql.replaceAll('\n', '\n  ')}`
}
