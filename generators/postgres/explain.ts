/** Plans of a query as the role that runs it, under row level security. Nothing is executed. */
import type { PlanNode } from '../planner/candidates/plan-tree.ts'
import { planSettings } from '../planner/plan-settings.ts'
import type { RelaxedPolicy } from '../planner/relaxed-policies.ts'
import type { ColumnDistinct } from '../planner/scale/dense-columns.ts'
import { ident, qualified } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'
import { clockSchema } from './scale/fixed-clock.ts'
import type { Session } from './session.ts'

/** What is planned. */
export interface PlannedStatement {
  sql: string
  as: string
  /** Types of `$1 …`; empty where the server infers them. */
  types: readonly string[]
  /** How many `$n` there are. */
  parameters: number
}

export interface ExplainOptions {
  /** Payload of the token. */
  claims: Record<string, unknown>
  /** Values to plan for, as texts of their types; without them the plan is the generic one. */
  values?: readonly string[]
  /** Indexes that are looked away from. */
  hidden?: readonly { schema: string; name: string }[]
  /** Columns that are taken to have so many values: fewer, where other conditions say the same. */
  distinct?: readonly ColumnDistinct[]
  /** Policies that say less. */
  relaxed?: readonly RelaxedPolicy[]
}

export interface ExplainedStatement {
  indexes: string[]
  /** `schema.table` of each. */
  sequentialScans: string[]
  /** Run for each row; InitPlans run once and are not counted. */
  subPlans: number
  /** Total cost in the planner's units. */
  cost: number
}

/**
 * The session is one of the superuser, who may become any role; row level security applies to the role, not to the
 * login. Throws the server's error, for example for a role without the privilege.
 */
export async function explainStatement(session: Session, statement: PlannedStatement, options: ExplainOptions): Promise<ExplainedStatement> {
  return prepared(session, statement, options, async (execute) => summary(await planTree(session, execute)))
}

/** The same with the plan as the server writes it, without costs, and as it is. */
export async function explainInFull(session: Session, statement: PlannedStatement, options: ExplainOptions): Promise<ExplainedStatement & { plan: string[]; root: PlanNode | undefined }> {
  return prepared(session, statement, options, async (execute) => {
    const { rows } = await session.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${execute}`)
    const root = await planTree(session, execute)
    return { plan: rows.map((row) => row['QUERY PLAN']), root, ...summary(root) }
  })
}

async function prepared<Result>(session: Session, statement: PlannedStatement, options: ExplainOptions, explain: (execute: string) => Promise<Result>): Promise<Result> {
  const { setup, execute } = planScript(statement, options)
  try {
    await session.query(['begin', ...setup].join(';\n'))
    return await explain(execute)
  } finally {
    await session.query('rollback; deallocate all')
  }
}

/** What comes before EXPLAIN within a transaction, and what is explained. */
export function planScript({ sql, as, types, parameters }: PlannedStatement, { claims, values, hidden = [], distinct = [], relaxed = [] }: ExplainOptions): { setup: string[]; execute: string } {
  const settings = {
    ...planSettings,
    plan_cache_mode: values ? 'force_custom_plan' : 'force_generic_plan',
    'request.jwt.claims': JSON.stringify({ ...claims, role: as }),
    role: as,
  }
  const typed = types.length === parameters && parameters > 0 ? ` (${types.join(', ')})` : ''
  const given = Array.from({ length: parameters }, (_parameter, place) => (values?.[place] === undefined ? 'null' : literal(values[place])))
  return {
    setup: [
      ...relaxed.map(({ table, name, using }) => `alter policy ${ident(name)} on ${qualified(table)} using (${using})`),
      ...(hidden.length > 0 ? [hide(hidden)] : []),
      ...(distinct.length > 0 ? [override(distinct)] : []),
      `select set_config('search_path', concat_ws(', ', '${clockSchema}', 'pg_catalog', nullif(current_setting('search_path'), '')), true), ${Object.entries(settings).map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, true)`).join(', ')}`,
      `prepare trr_db_query${typed} as ${sql}`,
    ],
    execute: `execute trr_db_query${parameters > 0 ? ` (${given.join(', ')})` : ''}`,
  }
}

/** The planner passes over indexes that are not valid. Rolled back with the transaction. */
function hide(hidden: readonly { schema: string; name: string }[]): string {
  const names = hidden.map(({ schema, name }) => `(${literal(schema)}, ${literal(name)})`).join(', ')
  return `update pg_catalog.pg_index i set indisvalid = false
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.oid = i.indexrelid and (n.nspname, c.relname) in (${names})`
}

/** Rolled back as well. What else is known of the columns is put aside. */
function override(distinct: readonly ColumnDistinct[]): string {
  const rows = distinct.map(({ schema, table, column, values }) => `(${literal(schema)}, ${literal(table)}, ${literal(column)}, ${values})`).join(', ')
  return `update pg_catalog.pg_statistic s set stadistinct = w.distinct_values, stakind1 = 0, stakind2 = 0, stakind3 = 0
    from (values ${rows}) w (schema, relation, attribute, distinct_values)
    join pg_catalog.pg_namespace n on n.nspname = w.schema join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.relation
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = w.attribute
    where s.starelid = c.oid and s.staattnum = a.attnum`
}

async function planTree(session: Session, execute: string): Promise<PlanNode | undefined> {
  const { rows } = await session.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (verbose, format json) ${execute}`)
  return rows[0]?.['QUERY PLAN'][0]?.Plan
}

function summary(root: PlanNode | undefined): ExplainedStatement {
  const found: ExplainedStatement = { indexes: [], sequentialScans: [], subPlans: 0, cost: root?.['Total Cost'] ?? 0 }
  if (root) collect(root, found)
  return found
}

function collect(node: PlanNode, found: ExplainedStatement): void {
  const index = node['Index Name']
  if (index !== undefined && !found.indexes.includes(index)) found.indexes.push(index)
  if (node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== undefined) found.sequentialScans.push(`${node.Schema}.${node['Relation Name']}`)
  if (node['Parent Relationship'] === 'SubPlan') found.subPlans += 1
  for (const child of node.Plans ?? []) collect(child, found)
}
