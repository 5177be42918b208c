/** Everything that an index of the design may serve: the declared queries, the lookups of foreign keys, the reads of policies. */
import type { Catalog } from '../design/catalog.ts'
import { followedTables, sharedTableOf } from '../design/parent-rules.ts'
import type { Plan, QueryPlan, TablePlan } from '../design/plan.ts'
import type { QuerySpec } from '../design/spec.ts'
import { parseSelect } from '../sql/expression.ts'
import { type QualifiedName, ident, identList, qualified } from '../sql/identifier.ts'
import { scansOf } from './raw-query.ts'
import { type RelaxedPolicy, relaxedPolicies } from './relaxed-policies.ts'
import { findPlanned } from './scale/design-scale.ts'
import { findView } from './views.ts'

export interface WorkloadStatement {
  /** Unique in the workload: `query latest_for_show`. */
  id: string
  kind: 'query' | 'foreign-key' | 'policy'
  /** The query, the foreign key, or the table that the policies guard. */
  subject: string
  as: string
  sql: string
  types: string[]
  parameters: number
  equal: ComparedColumns[]
  /** Policies without what the query asks as well. */
  relaxed: RelaxedPolicy[]
}

/** Columns that a query compares with one value each. */
export interface ComparedColumns {
  table: QualifiedName
  columns: string[]
}

/** Who owns what migrations make. */
export const functionOwner = 'postgres'

export function workloadOf(plan: Plan, catalog: Catalog): WorkloadStatement[] {
  return [...plan.queries.map((query) => queryStatement(query, plan, catalog)), ...plan.tables.flatMap(foreignKeyLookups), ...plan.tables.flatMap((table) => policyReads(table, plan))]
}

export function queryStatement({ query, sql, parameters, search }: QueryPlan, plan: Plan, catalog: Catalog): WorkloadStatement {
  const count = Math.max(parameters.length, parseSelect(sql).parameters)
  return { id: `query ${query.name}`, kind: 'query', subject: query.name, as: search ? functionOwner : query.as, sql, types: parameters.map(({ type }) => type), parameters: count, ...repeatedBy(query, plan, catalog), ...(search ? { relaxed: [] } : {}) }
}

/** What the query compares with one value each, and the policies without it: none for whoever is not bound by them. */
export function repeatedBy(query: QuerySpec, plan: Plan, catalog: Catalog): Pick<WorkloadStatement, 'equal' | 'relaxed'> {
  const scans = scansOf(query, plan.spec, catalog).flatMap(({ table, where }) => (table ? [{ table, columns: where.flatMap((condition) => ('column' in condition && condition.operator === '=' ? [condition.column] : [])) }] : []))
  const relaxed = scans.flatMap(({ table, columns }) => {
    const { policies = [] } = findPlanned(plan, table) ?? catalog.tables.find((one) => qualified(one) === qualified(table)) ?? {}
    return relaxedPolicies(table, policies, query.as, columns)
  })
  return { equal: scans, relaxed }
}

/** What the server asks when a row of the parent is deleted or gets another key: as the owner of the child, past its policies. */
function foreignKeyLookups({ table, foreignKeys }: TablePlan): WorkloadStatement[] {
  return foreignKeys.map((key) => ({
    id: `foreign key ${key.name}`,
    kind: 'foreign-key',
    subject: key.name,
    as: 'postgres',
    sql: `select 1 from only ${qualified(table)} where ${key.columns.map((column, place) => `${ident(column)} = $${place + 1}`).join(' and ')} for key share`,
    types: key.columns.map((name) => table.columns.find((column) => column.name === name)?.type ?? 'text'),
    parameters: key.columns.length,
    equal: [],
    relaxed: [],
  }))
}

/** All rows that a caller may see, and what the helper of the policies looks up. */
function policyReads({ table, policies, grants, primaryKey }: TablePlan, plan: Plan): WorkloadStatement[] {
  const statement = (what: string, as: string, sql: string, types: string[]): WorkloadStatement => ({ id: `${what} ${table.name}`, kind: 'policy', subject: table.name, as, sql, types, parameters: types.length, equal: [], relaxed: [] })
  const isRead = policies.some(({ command, roles }) => command === 'select' && roles.includes('authenticated'))
  const mayRead = grants.some(({ role, privileges }) => role === 'authenticated' && privileges.some(({ verb }) => verb === 'select'))
  const key = primaryKey.columns[0]
  const { tenancy } = plan.spec
  const shares = sharedTableOf(table, plan.spec.tables)?.access.shares
  return [
    ...(isRead && mayRead && key !== undefined ? [statement('policies of', 'authenticated', `select ${ident(key)} from ${qualified(table)}`, [])] : []),
    ...(table.kind === 'memberships' && tenancy.model === 'organization' ? [statement('memberships in', 'postgres', `select ${identList([tenancy.memberships.organization, ...(tenancy.memberships.role === null ? [] : [tenancy.memberships.role])])} from ${qualified(table)} where ${ident(tenancy.memberships.user)} = $1`, ['uuid'])] : []),
    ...(shares ? [statement('shares in', 'postgres', `select ${ident(shares.row)} from ${qualified(table)} where ${ident(shares.user)} = $1`, ['uuid'])] : []),
  ]
}

/** Tables that the design makes or reads: where a workload begins. */
export function workloadTables(plan: Plan): QualifiedName[] {
  const named = [
    ...plan.tables.flatMap(({ table }) => [table, ...followedTables(table)]),
    ...plan.queries.flatMap((query) => tablesRead(query, plan)),
    ...(plan.spec.tenancy.model === 'organization' ? [plan.spec.tenancy.memberships.table, plan.spec.tenancy.organizations] : []),
  ].map(({ schema, name }) => ({ schema, name }))
  return named.filter((table, place) => named.findIndex((other) => qualified(other) === qualified(table)) === place)
}

/** Tables that a query reads, with schema: those of a view in its place. */
export function tablesRead(query: Pick<QueryPlan, 'query' | 'sql'>, { spec }: Pick<Plan, 'spec'>): QualifiedName[] {
  const all = tablesOf(query).flatMap((table) => findView(spec, table)?.reads ?? [table])
  return all.filter((table, place) => all.findIndex((other) => qualified(other) === qualified(table)) === place)
}

/** Tables and views that a query names, with schema. */
function tablesOf({ query, sql }: Pick<QueryPlan, 'query' | 'sql'>): QualifiedName[] {
  const named = parseSelect(sql).tables.flatMap(({ schema, name }) => (schema === null ? [] : [{ schema, name }]))
  const all = query.table ? [query.table, ...named] : named
  return all.filter((table, place) => all.findIndex((other) => qualified(other) === qualified(table)) === place)
}
