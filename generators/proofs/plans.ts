/**
 * Claim: each declared query, as the role that runs it, under row level security and at the declared number of rows, is
 * served by the index that the plan names, and every index of the design is read by something.
 */
import type { CostChange, PlanAtScale, PlanCosts, PlansEvidence, ScalePoint } from '../design/evidence.ts'
import type { Plan, QueryPlan } from '../design/plan.ts'
import type { GeneratedSql } from '../design/sql-file.ts'
import { callerClaims } from '../planner/caller-claims.ts'
import { type ColumnDistinct, denseColumns } from '../planner/scale/dense-columns.ts'
import { planLines } from '../planner/plan-words.ts'
import { parameterValues } from '../planner/scale/parameter-values.ts'
import { scalePoints } from '../planner/scale/table-scale.ts'
import { type WorkloadStatement, queryStatement, repeatedBy, tablesRead, workloadOf } from '../planner/workload.ts'
import type { Database } from '../postgres/database.ts'
import { explainInFull, explainStatement } from '../postgres/explain.ts'
import { applyFiles } from '../postgres/replay.ts'
import { type DesignAtScale, designAtScale } from '../postgres/scale/design-database.ts'
import { settleAdvice } from '../postgres/scale/settle-advice.ts'
import { explainAsRead } from '../postgres/scale/explain-as-read.ts'
import type { ReplayedServer } from '../postgres/server.ts'
import { loadParser } from '../sql/parser.ts'
import { judgePlans } from './plan-findings.ts'
import { refusalOf, stopIfAborted } from './proof-error.ts'

export interface PlansProofInput {
  server: Pick<ReplayedServer, 'createDatabase' | 'catalog'>
  plan: Plan
  sql: Pick<GeneratedSql, 'migrations'>
  signal?: AbortSignal
}

/** Nothing is executed, and there are no rows: the planner is told how many there would be. */
export async function provePlans({ server, plan, sql, signal }: PlansProofInput): Promise<PlansEvidence> {
  const evidence: PlansEvidence = { status: 'proved', findings: [], queries: [], indexes: [], assumptions: [] }
  if (plan.queries.length === 0 && plan.indexes.length === 0) return evidence
  await loadParser()
  const database = await server.createDatabase()
  try {
    const refused = await applyFiles(database, sql.migrations).then(() => null, refusalOf)
    if (refused !== null) return { ...evidence, status: 'open', findings: [`No query was planned, because the files do not apply: ${refused}`] }
    const refusals = new Map<string, string>()
    const growth: { share: number; costs: Map<string, PlanCosts> }[] = []
    const seen = { launch: new Map<string, PlanAtScale>(), horizon: new Map<string, PlanAtScale>() }
    evidence.indexes = plan.indexes.map(({ name }) => ({ name, usedBy: { launch: [], horizon: [] }, bytes: { launch: 0, horizon: 0 } }))
    for (const at of scalePoints) {
      stopIfAborted(signal)
      const proving = { plan, catalog: server.catalog, evidence, refusals }
      // A table never shrinks in the scaled database.
      if (at === 'horizon' && plan.queries.length > 0 && grows(plan)) for (const share of onTheWay) growth.push({ share, costs: await costsAt(database, proving, share) })
      seen[at] = await plansAt(database, proving, at)
    }
    for (const { query, sql: text } of plan.queries) {
      const atScale = scalePoints.flatMap((at) => seen[at].get(query.name) ?? [])
      const [launch] = atScale
      if (launch) evidence.queries.push({ name: query.name, as: query.as, sql: text, plan: launch.plan, indexes: launch.indexes, sequentialScans: launch.sequentialScans, subPlans: launch.subPlans, rows: launch.rows, atScale, growth: growth.flatMap(({ share, costs }) => (costs.has(query.name) ? [{ share, ...(costs.get(query.name) as PlanCosts) }] : [])) })
    }
    judgePlans(plan, evidence, refusals)
    stopIfAborted(signal)
    const advice = await settleAdvice({ server, plan, migrations: sql.migrations })
    if (advice.length > 0) evidence.advice = advice
  } finally {
    await database.drop()
  }
  return evidence
}

interface Proving {
  plan: Plan
  catalog: ReplayedServer['catalog']
  evidence: PlansEvidence
  /** Why a query cannot be run by its role, by name. */
  refusals: Map<string, string>
}

async function plansAt(database: Database, { plan, catalog, evidence, refusals }: Proving, at: ScalePoint): Promise<Map<string, PlanAtScale>> {
  const scaled = await designAtScale(database, { plan, catalog }, at)
  await using session = scaled.session
  const plans = new Map<string, PlanAtScale>()
  const claims = callerClaims(plan)
  const note = (id: string, indexes: readonly string[]) => {
    for (const index of evidence.indexes) if (indexes.includes(index.name)) index.usedBy[at].push(id)
  }
  for (const query of plan.queries) {
    try {
      const found = await planOfQuery(scaled, query, { at, plan, catalog })
      plans.set(query.query.name, found)
      note(`query ${query.query.name}`, [...found.indexes, ...found.withValues.flatMap(({ indexes }) => indexes)])
    } catch (error) {
      refusals.set(query.query.name, refusalOf(error))
    }
  }
  for (const statement of workloadOf(plan, catalog).filter(({ kind }) => kind !== 'query')) {
    const found = await explainStatement(session, statement, { claims }).catch(() => null)
    if (found) note(statement.id, found.indexes)
  }
  for (const { name, table } of plan.indexes) {
    const index = evidence.indexes.find((one) => one.name === name)
    if (index) index.bytes[at] = scaled.bytes[`${table.schema}.${name}`] ?? 0
  }
  evidence.assumptions = scaled.assumptions
  return plans
}

/** Points on the way from launch to horizon. */
const onTheWay = [1 / 3, 2 / 3]

function grows({ spec, tables }: Plan): boolean {
  return [...tables.map(({ table }) => table.scale), ...spec.existing.map(({ scale }) => scale)].some(({ growthPerDay }) => growthPerDay > 0)
}

async function costsAt(database: Database, { plan, catalog }: Proving, share: number): Promise<Map<string, PlanCosts>> {
  const scaled = await designAtScale(database, { plan, catalog }, share)
  await using session = scaled.session
  const claims = callerClaims(plan)
  const hidden = plan.indexes.map(({ table, name }) => ({ schema: table.schema, name }))
  const costs = new Map<string, PlanCosts>()
  for (const query of plan.queries) {
    const statement = queryStatement(query, plan, catalog)
    const after = await explainStatement(session, statement, { claims }).catch(() => null)
    const before = hidden.length > 0 ? await explainStatement(session, statement, { claims, hidden }).catch(() => null) : after
    if (after && before) costs.set(query.query.name, { cost: { before: before.cost, after: after.cost }, ...(await otherCosts(scaled, statement, plan)) })
  }
  return costs
}

async function planOfQuery(scaled: DesignAtScale, query: QueryPlan, { at, plan, catalog }: Pick<Proving, 'plan' | 'catalog'> & { at: ScalePoint }): Promise<PlanAtScale> {
  const { session, tables } = scaled
  const claims = callerClaims(plan)
  const statement = queryStatement(query, plan, catalog)
  const hidden = plan.indexes.map(({ table, name }) => ({ schema: table.schema, name }))
  const { cost, root, ...generic } = await explainInFull(session, statement, { claims })
  const before = hidden.length > 0 ? await explainInFull(session, statement, { claims, hidden }) : { cost, root, plan: generic.plan }
  const linesOf = (tree: typeof root) => (tree ? planLines(tree, plan.functions) : [])
  const named = tablesRead(query, plan).map(({ schema, name }) => ({ key: `${schema}.${name}`, scale: tables.find((table) => table.schema === schema && table.name === name) }))
  const found: PlanAtScale = { at, rows: Object.fromEntries(named.map(({ key, scale }) => [key, Math.round(scale?.rows ?? 0)])), ...generic, planBefore: before.plan, lines: linesOf(root), linesBefore: linesOf(before.root), cost: { before: before.cost, after: cost }, ...(await otherCosts(scaled, statement, plan)), withValues: [], ...(query.search ? { direct: await directPlan(scaled, statement, { query, plan, catalog, search: query.search }) } : {}) }
  for (const kind of ['typical', 'hottest'] as const) {
    const values = parameterValues(query, tables, kind)
    if (!values || values.length === 0) continue
    const { indexes, sequentialScans, cost: withValues } = await explainAsRead(scaled, statement, { claims, values, relaxed: statement.relaxed })
    found.withValues.push({ values: kind, indexes, sequentialScans, cost: withValues })
  }
  return found
}

/** Sent by the client itself: the policy comes first, and what is not leakproof only filters what is left. */
async function directPlan({ session }: DesignAtScale, statement: WorkloadStatement, { query, plan, catalog, search }: Pick<Proving, 'plan' | 'catalog'> & { query: QueryPlan; search: NonNullable<QueryPlan['search']> }): Promise<NonNullable<PlanAtScale['direct']>> {
  const claims = callerClaims(plan)
  const direct = await explainInFull(session, { ...statement, sql: search.direct, as: query.query.as }, { claims, relaxed: repeatedBy(query.query, plan, catalog).relaxed })
  const { cost } = await explainStatement(session, statement, { claims })
  return { plan: direct.plan, cost: { before: direct.cost, after: cost } }
}

/** Where conditions say something of each other: what the query costs without and with the indexes of the design. */
async function otherCosts(scaled: DesignAtScale, statement: WorkloadStatement, plan: Plan): Promise<Pick<PlanCosts, 'once' | 'dense'>> {
  const claims = callerClaims(plan)
  const hidden = plan.indexes.map(({ table, name }) => ({ schema: table.schema, name }))
  const change = async (distinct: readonly ColumnDistinct[]): Promise<CostChange> => {
    const options = { claims, distinct, relaxed: statement.relaxed }
    return { before: (await explainAsRead(scaled, statement, { ...options, hidden })).cost, after: (await explainAsRead(scaled, statement, options)).cost }
  }
  return { once: statement.relaxed.length > 0 ? await change([]) : null, dense: await change(denseColumns(statement.equal, scaled.tables)) }
}
