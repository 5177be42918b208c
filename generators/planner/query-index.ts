/** The index that one declared query would like best: equality, then order, then one range; constants become its predicate. */
import type { Catalog } from '../design/catalog.ts'
import type { IndexPlan } from '../design/plan.ts'
import type { Operator, QuerySpec, Spec } from '../design/spec.ts'
import { bracketed } from '../sql/bracketed.ts'
import { ident } from '../sql/identifier.ts'
import type { Candidate } from './index-candidate.ts'
import { type QueriedTable, queriedTable, totalOrder } from './queries.ts'
import { scansOf } from './raw-query.ts'

const ranges: readonly Operator[] = ['<', '<=', '>', '>=', 'between']

/** For each table that the query reads. None where no index can serve it: no condition and no order, or only operators that a client cannot use in an index. */
export function queryCandidates(query: QuerySpec, spec: Spec, catalog: Catalog): Candidate[] {
  return scansOf(query, spec, catalog).flatMap((scan) => scanCandidate(scan, spec, catalog) ?? [])
}

function scanCandidate(query: QuerySpec, spec: Spec, catalog: Catalog): Candidate | null {
  const table = query.table && queriedTable(spec, catalog, query.table.schema, query.table.name)
  if (!query.table || !table) return null
  const base = { table: query.table, include: [], reasons: [reason(query)] }
  const special = specialOperator(query, table)
  if (special) return { ...base, ...special, where: null, equal: 0 }
  const { keys, equal } = btreeKeys(query, table)
  return keys.length > 0 ? { ...base, method: 'btree', keys, where: predicate(query, table), equal } : null
}

function btreeKeys(query: QuerySpec, table: QueriedTable): Pick<Candidate, 'keys' | 'equal'> {
  const columns = (operators: readonly Operator[]) => query.where.flatMap((condition) => ('column' in condition && operators.includes(condition.operator) ? [condition.column] : []))
  const equal = columns(['='])
  const order = totalOrder(query, table)
  // A list is as good as equality only where no order has to come out of the index.
  const lists = order.length === 0 ? columns(['in']) : []
  const range = columns(ranges)[0]
  const leading = tenantFirst([...new Set([...equal, ...lists])], table)
  const scoped = leading.length === 0 && query.as !== 'service_role' && table.tenantColumn !== null && order.length === 0 ? [table.tenantColumn] : leading
  const ordered = order.filter((one) => !scoped.includes(one.column)).map(({ column, direction, nulls }) => ({ column, direction, nulls, operatorClass: null }))
  const tail = ordered.length > 0 ? ordered : range !== undefined && !scoped.includes(range) ? [key(range)] : []
  return { keys: [...scoped.map(key), ...tail], equal: scoped.length }
}

/** For equality alone the order of columns is free, so the tenant leads: it serves the policy and the foreign keys too. */
function tenantFirst(columns: string[], { tenantColumn }: QueriedTable): string[] {
  return tenantColumn !== null && columns.includes(tenantColumn) ? [tenantColumn, ...columns.filter((column) => column !== tenantColumn)] : columns
}

/** Constants of the query, and for clients the condition that their policy adds. Both are implied by what they run. */
function predicate(query: QuerySpec, table: QueriedTable): string | null {
  const constants = query.where.flatMap((condition) => constantOf(condition) ?? [])
  const live = table.softDelete && query.as !== 'service_role' && !constants.includes('deleted_at is null') ? ['deleted_at is null'] : []
  return [...constants, ...live].join(' and ') || null
}

/** `is null` belongs here and not among the keys: Postgres does not take it out of an order. */
function constantOf(condition: QuerySpec['where'][number]): string | null {
  if ('sql' in condition) return bracketed(condition.sql)
  return condition.operator === 'is null' || condition.operator === 'is not null' ? `${ident(condition.column)} ${condition.operator}` : null
}

/** GIN for containment and text search, GiST for ranges. Only for callers without row level security: its operators are not leakproof. */
function specialOperator(query: QuerySpec, table: QueriedTable): Pick<Candidate, 'method' | 'keys'> | null {
  if (query.as !== 'service_role' && query.through === undefined) return null
  const found = query.where.find((condition) => 'column' in condition && ['@>', '&&', '@@'].includes(condition.operator))
  if (!found || !('column' in found)) return null
  const type = table.columns.find((column) => column.name === found.column)?.type
  const operatorClass = type === 'jsonb' && found.operator === '@>' ? 'jsonb_path_ops' : null
  return { method: /^\w+(range|multirange)$/.test(type ?? '') ? 'gist' : 'gin', keys: [{ column: found.column, direction: 'asc', nulls: null, operatorClass }] }
}

function key(column: string): IndexPlan['keys'][number] {
  return { column, direction: 'asc', nulls: null, operatorClass: null }
}

function reason(query: QuerySpec): IndexPlan['reasons'][number] {
  return { rule: 'query', subject: query.name, says: `query ${query.name}, run by ${query.as}` }
}
