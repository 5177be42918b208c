/** Claim: each declared query, as the role that runs it and under row level security, is served by the index that the plan names. */
import type { PlansEvidence } from '../design/evidence.ts'
import type { Plan, QueryPlan } from '../design/plan.ts'
import type { GeneratedSql } from '../design/sql-file.ts'
import { applyFiles } from '../postgres/replay.ts'
import type { ReplayedServer } from '../postgres/server.ts'
import type { Session } from '../postgres/session.ts'
import type { QualifiedName } from '../sql/identifier.ts'
import { loadParser } from '../sql/parser.ts'
import { type ExplainedQuery, explainQuery, tablesOf } from './explain.ts'
import { seededUuid } from './fixtures/seeded.ts'
import { type LoadedRows, loadRows } from './plan-rows.ts'
import { refusalOf, stopIfAborted } from './proof-error.ts'

export interface PlansProofInput {
  server: Pick<ReplayedServer, 'createDatabase' | 'catalog'>
  plan: Plan
  sql: Pick<GeneratedSql, 'migrations'>
  signal?: AbortSignal
}

/** Fills the tables with rows and plans every query. Nothing is executed. */
export async function provePlans({ server, plan, sql, signal }: PlansProofInput): Promise<PlansEvidence> {
  const evidence: PlansEvidence = { status: 'proved', findings: [], queries: [] }
  if (plan.queries.length === 0) return evidence
  await loadParser()
  const database = await server.createDatabase()
  try {
    const refused = await applyFiles(database, sql.migrations).then(() => null, refusalOf)
    if (refused !== null) return { ...evidence, status: 'open', findings: [`No query was planned, because the files do not apply: ${refused}`] }
    stopIfAborted(signal)
    const loaded = await loadRows(database, tablesToFill(plan, server.catalog), plan.spec)
    stopIfAborted(signal)
    await using session = await database.connect({ user: 'supabase_admin' })
    for (const one of plan.queries) await proveQuery(session, one, plan, loaded, evidence)
  } finally {
    await database.drop()
  }
  return evidence
}

async function proveQuery(session: Session, one: QueryPlan, plan: Plan, loaded: LoadedRows, evidence: PlansEvidence): Promise<void> {
  const { name, as } = one.query
  const claims = memberClaims(plan)
  let explained: ExplainedQuery
  try {
    explained = await explainQuery(session, one, { claims })
  } catch (error) {
    return settle(evidence, 'failed', `The query ${name} cannot be run by ${as}: ${refusalOf(error)}.`)
  }
  const tables = tablesOf(one).map(({ schema, name: table }) => `${schema}.${table}`)
  evidence.queries.push({ name, as, sql: one.sql, ...explained, rows: Object.fromEntries(tables.map((table) => [table, loaded.rows[table] ?? 0])) })
  const empty = tables.filter((table) => !(table in loaded.rows)).map((table) => loaded.open[table] ?? `no rows are made for ${table}`)
  if (empty.length > 0) return settle(evidence, 'open', `The query ${name} was planned without rows: ${empty.join('; ')}.`)
  if (one.index === null || explained.indexes.includes(one.index)) return
  const instead = [...explained.indexes, ...explained.sequentialScans.map((table) => `all of ${table}`)].join(', ') || 'no index'
  const forced = await explainQuery(session, one, { claims, only: one.index })
  if (!forced.indexes.includes(one.index)) return settle(evidence, 'failed', `The index ${one.index} cannot serve the query ${name} when ${as} runs it: the plan reads ${instead}.`)
  settle(evidence, 'open', `The index ${one.index} can serve the query ${name}, but with ${Object.entries(loaded.rows).filter(([table]) => tables.includes(table)).map(([table, rows]) => `${rows} rows in ${table}`).join(', ')} the plan reads ${instead}.`)
}

function settle(evidence: PlansEvidence, status: 'failed' | 'open', finding: string): void {
  evidence.findings.push(finding)
  if (evidence.status !== 'failed') evidence.status = status
}

/** A token of somebody. Generic plans do not look at its values, only expressions over it must not fail. */
function memberClaims({ spec }: Plan): Record<string, unknown> {
  const claims: Record<string, unknown> = { sub: seededUuid('plans: a member') }
  if (spec.tenancy.model !== 'tenant_column') return claims
  const value = /^(big|small)?int|numeric/.test(spec.tenancy.type) ? 1 : seededUuid('plans: a tenant')
  const nested = spec.tenancy.claim.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
  return { ...claims, ...(nested as Record<string, unknown>) }
}

/** New tables, what the queries read, and what both reference: parents first. System tables are left as they are. */
function tablesToFill(plan: Plan, catalog: PlansProofInput['server']['catalog']): QualifiedName[] {
  const ordered: QualifiedName[] = []
  const seen = new Set<string>()
  const add = ({ schema, name }: QualifiedName, depth: number) => {
    const key = `${schema}.${name}`
    const existing = catalog.tables.find((table) => table.schema === schema && table.name === name)
    const planned = plan.tables.find(({ table }) => table.schema === schema && table.name === name)
    if (seen.has(key) || (!planned && existing?.kind !== 'table' && existing?.kind !== 'partitioned') || /^(auth|storage|realtime|vault)$/.test(schema)) return
    seen.add(key)
    const parents = planned ? planned.foreignKeys.map(({ references }) => references.table) : (existing?.foreignKeys ?? []).map(({ references }) => ({ schema: references.schema, name: references.table }))
    if (depth > 0) for (const parent of parents) add(parent, depth - 1)
    ordered.push({ schema, name })
  }
  for (const { table } of plan.tables) add(table, 1)
  for (const query of plan.queries) for (const table of tablesOf(query)) add(table, 1)
  return ordered
}
