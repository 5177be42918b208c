/** The generic plan of a query, as the role that runs it, with row level security. */
import type { QueryPlan } from '../design/plan.ts'
import type { Session } from '../postgres/session.ts'
import { qualified } from '../sql/identifier.ts'
import { parseSelect } from '../sql/expression.ts'

export interface ExplainedQuery {
  /** `EXPLAIN (costs off)`. */
  plan: string[]
  indexes: string[]
  sequentialScans: string[]
  /** Run for each row; InitPlans run once and are not counted. */
  subPlans: number
}

export interface ExplainOptions {
  /** Payload of the token. */
  claims: Record<string, unknown>
  /** Only this index of its table may be used, and no table is read as a whole: can it serve at all? */
  only?: string
}

/**
 * Plans without running. The session is one of the superuser, who may become any role; row level security applies to
 * the role, not to the login. Throws the server's error, for example for a role without the privilege.
 */
export async function explainQuery(session: Session, { query, sql, parameters }: Pick<QueryPlan, 'query' | 'sql' | 'parameters'>, { claims, only }: ExplainOptions): Promise<ExplainedQuery> {
  const count = Math.max(parameters.length, parseSelect(sql).parameters)
  const types = parameters.length === count && count > 0 ? ` (${parameters.map(({ type }) => type).join(', ')})` : ''
  const values = count > 0 ? ` (${Array.from({ length: count }, () => 'null').join(', ')})` : ''
  await session.query('begin')
  try {
    if (only !== undefined) await leaveOnly(session, only)
    await session.query("select set_config('request.jwt.claims', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true), set_config('role', $2, true)", [JSON.stringify({ ...claims, role: query.as }), query.as])
    await session.query(`prepare trr_db_query${types} as ${sql}`)
    const text = await session.query<{ 'QUERY PLAN': string }>(`explain (costs off) execute trr_db_query${values}`)
    const json = await session.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (costs off, verbose, format json) execute trr_db_query${values}`)
    const found: ExplainedQuery = { plan: text.rows.map((row) => row['QUERY PLAN']), indexes: [], sequentialScans: [], subPlans: 0 }
    for (const { Plan } of json.rows[0]?.['QUERY PLAN'] ?? []) collect(Plan, found)
    return found
  } finally {
    await session.query('rollback')
    await session.query('deallocate all')
  }
}

interface PlanNode {
  'Node Type': string
  'Subplan Name'?: string
  'Parent Relationship'?: string
  'Index Name'?: string
  'Relation Name'?: string
  Schema?: string
  Plans?: PlanNode[]
}

function collect(node: PlanNode, found: ExplainedQuery): void {
  const index = node['Index Name']
  if (index !== undefined && !found.indexes.includes(index)) found.indexes.push(index)
  if (node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== undefined) found.sequentialScans.push(`${node.Schema}.${node['Relation Name']}`)
  if (node['Parent Relationship'] === 'SubPlan') found.subPlans += 1
  for (const child of node.Plans ?? []) collect(child, found)
}

/** The planner passes over indexes that are not valid. Rolled back with the transaction. */
async function leaveOnly(session: Session, index: string): Promise<void> {
  await session.query(
    `update pg_catalog.pg_index i set indisvalid = false
     from pg_catalog.pg_class c join pg_catalog.pg_index wanted on wanted.indexrelid = c.oid
     where c.relname = $1 and i.indrelid = wanted.indrelid and i.indexrelid <> wanted.indexrelid`,
    [index],
  )
  await session.query("select set_config('enable_seqscan', 'off', true)")
}

/** Tables that a query names, with schema. */
export function tablesOf({ query, sql }: Pick<QueryPlan, 'query' | 'sql'>): { schema: string; name: string }[] {
  const named = parseSelect(sql).tables.flatMap(({ schema, name }) => (schema === null ? [] : [{ schema, name }]))
  const all = query.table ? [query.table, ...named] : named
  return all.filter((table, index) => all.findIndex((other) => qualified(other) === qualified(table)) === index)
}
