/** Buffers that each declared query touches on a sample, as the role that runs it: executed, with and without the indexes of the design. */
import type { MeasuredQuery, MeasuredQueries } from '../../design/measured-queries.ts'
import type { Catalog } from '../../design/catalog.ts'
import type { Plan, QueryPlan, TablePlan } from '../../design/plan.ts'
import type { SqlFile } from '../../design/sql-file.ts'
import { deletionColumn } from '../../design/spec.ts'
import { callerClaims } from '../../planner/caller-claims.ts'
import { type PlanNode, visitPlan } from '../../planner/candidates/plan-tree.ts'
import { type WorkloadStatement, queryStatement, tablesRead } from '../../planner/workload.ts'
import { planScript } from '../../postgres/explain.ts'
import { applyFiles } from '../../postgres/replay.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import type { Session } from '../../postgres/session.ts'
import { type QualifiedName, ident, qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import { refusalOf, stopIfAborted } from '../proof-error.ts'
import { type LoadedSample, type SampleSize, loadSample } from './load-sample.ts'

export interface MeasureInput {
  server: Pick<ReplayedServer, 'createDatabase' | 'catalog'>
  plan: Plan
  migrations: readonly SqlFile[]
  size: SampleSize
  progress: (message: string) => void
  signal?: AbortSignal
}

/** Half a million rows of the largest table, a million together. Each table is given up after two minutes, each query after half a one. */
export const fullSample: SampleSize = { largest: 500_000, total: 1_000_000 }

/** Callers and rows that are tried for each query, until one sees rows. */
const mostTries = 12

export async function measureQueries({ server, plan, migrations, size, progress, signal }: MeasureInput): Promise<MeasuredQueries> {
  const database = await server.createDatabase()
  try {
    await applyFiles(database, migrations)
    progress('rows')
    const loaded = await loadSample(database, { plan, catalog: server.catalog, size })
    await using session = await database.connect({ user: 'supabase_admin' })
    await session.query("set statement_timeout = '30s'")
    const queries: MeasuredQuery[] = []
    for (const query of plan.queries) {
      stopIfAborted(signal)
      progress(query.query.name)
      queries.push(await measureQuery(session, query, { plan, catalog: server.catalog, loaded }).catch((error: unknown) => ({ name: query.query.name, open: refusalOf(error) })))
    }
    return { share: loaded.sample.share, rows: loaded.rows, notes: loaded.notes, queries }
  } finally {
    await database.drop()
  }
}

interface Context {
  plan: Plan
  catalog: Catalog
  loaded: LoadedSample
}

async function measureQuery(session: Session, query: QueryPlan, context: Context): Promise<MeasuredQuery> {
  const { plan, catalog, loaded } = context
  const { name } = query.query
  const table = tableOf(query, plan)
  if (!(qualified(table) in loaded.rows)) return { name, open: `${qualified(table)} has no rows here` }
  const statement = queryStatement(query, plan, catalog)
  const parameters = namedParameters(query, statement.equal)
  if (parameters === null) return { name, open: 'it is not known with which column a parameter is compared' }
  const hidden = plan.indexes.map(({ table: { schema }, name: index }) => ({ schema, name: index }))
  let best: { rows: number; values: string[]; claims: Record<string, unknown> } | null = null
  for (const { values, claims } of await callersOf(session, { ...query, parameters }, context)) {
    const rows = (await executed(session, planScript(statement, { claims, values })))['Actual Rows'] ?? 0
    if (best === null || rows > best.rows) best = { rows, values, claims }
    if (rows >= (query.query.page.kind === 'none' ? 1 : query.query.page.size)) break
  }
  if (best === null) return { name, open: `${qualified(table)} has no row to take values from` }
  const { values, claims } = best
  const seen = async (away: typeof hidden) => readings(await executed(session, planScript(statement, { claims, values, hidden: away })), loaded)
  return { name, rows: best.rows, after: await seen([]), before: hidden.length > 0 ? await seen(hidden) : null }
}

/** Whose rows give the values. */
function tableOf(query: QueryPlan, plan: Plan): QualifiedName {
  return query.query.table ?? tablesRead(query, plan)[0] ?? { schema: '', name: '' }
}

/** Of raw SQL, the columns that are compared with one value each, when there are as many. */
function namedParameters({ parameters }: QueryPlan, equal: WorkloadStatement['equal']): QueryPlan['parameters'] | null {
  if (parameters.every(({ column, role }) => column !== null || role === 'offset')) return parameters
  const columns = equal.flatMap((one) => one.columns)
  return columns.length === parameters.length ? parameters.map((parameter, place) => ({ ...parameter, column: columns[place] ?? null })) : null
}

type Executed = PlanNode & { 'Actual Rows'?: number; 'Shared Hit Blocks'?: number; 'Shared Read Blocks'?: number }

async function executed(session: Session, { setup, execute }: ReturnType<typeof planScript>): Promise<Executed> {
  try {
    await session.query(['begin', ...setup].join(';\n'))
    const { rows } = await session.query<{ 'QUERY PLAN': { Plan: Executed }[] }>(`explain (analyze, verbose, buffers, timing off, format json) ${execute}`)
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
    if (!plan) throw new Error('the server gave no plan')
    return plan
  } finally {
    await session.query('rollback; deallocate all')
  }
}

/** Pages of whole tables grow with the table: they alone are extrapolated. */
function readings(root: Executed, { sample }: LoadedSample): NonNullable<MeasuredQuery['after']> {
  const buffers = (node: Executed) => (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0)
  const indexes: string[] = []
  let scanned = 0
  visitPlan(root, (node) => {
    const index = node['Index Name']
    if (index !== undefined && !indexes.includes(index)) indexes.push(index)
    if (node['Node Type'] === 'Seq Scan') scanned += buffers(node)
  })
  const total = buffers(root)
  return { buffers: total, indexes, atScale: scanned > 0 && sample.share < 1 ? Math.round(total - scanned + scanned / sample.share) : null }
}

/** Values of rows that are there, and callers who have to do with them. */
async function callersOf(session: Session, query: QueryPlan, context: Context): Promise<{ values: string[]; claims: Record<string, unknown> }[]> {
  const { plan, loaded } = context
  const table = tableOf(query, plan)
  const planned = plan.tables.find((one) => qualified(one.table) === qualified(table))
  const columns = loaded.sample.tables.find((one) => qualified(one) === qualified(table))?.columns.map(({ name }) => name) ?? []
  const mark = planned ? deletionColumn(planned.table) : null
  // Conditions without parameters, and rows that are not marked as deleted.
  const literals = [...query.query.where.flatMap((condition) => ('sql' in condition && !condition.sql.includes('$') ? [`(${condition.sql})`] : [])), ...(mark === null ? [] : [`${ident(mark)} is null`])]
  const share = Math.min(100, (100 * 2000) / Math.max(1, loaded.rows[qualified(table)] ?? 1))
  const { rows } = await session.query<{ row: Record<string, string | null> }>(
    `select json_build_object(${columns.map((name) => `${literal(name)}, ${ident(name)}::text`).join(', ')}) as row from ${qualified(table)} t tablesample bernoulli (${share}) repeatable (1) ${literals.length > 0 ? `where ${literals.join(' and ')}` : ''} limit ${mostTries}`,
  )
  const found: { values: string[]; claims: Record<string, unknown> }[] = []
  for (const { row } of rows) {
    const values = query.parameters.map((parameter) => (parameter.role === 'offset' ? '0' : parameter.role === 'list' ? `{${JSON.stringify(row[parameter.column ?? ''] ?? '')}}` : row[parameter.column ?? ''] ?? null))
    if (values.some((value) => value === null)) continue
    for (const sub of await peopleOf(session, row, planned, context)) found.push({ values: values as string[], claims: { ...callerClaims(plan), ...tenantClaim(plan, planned, row), ...(sub === null ? {} : { sub }) } })
  }
  return found
}

async function peopleOf(session: Session, row: Record<string, string | null>, planned: TablePlan | undefined, { plan: { spec }, loaded }: Context): Promise<(string | null)[]> {
  const owner = planned?.table.ownerColumn ? (row[planned.table.ownerColumn] ?? null) : null
  const { tenancy } = spec
  const tenant = planned?.table.tenantColumn ? (row[planned.table.tenantColumn] ?? null) : null
  if (tenancy.model !== 'organization' || tenant === null || !(qualified(tenancy.memberships.table) in loaded.rows)) return [owner]
  const { table, user, organization, role, where } = tenancy.memberships
  const ranked = role === null ? '' : ` order by array_position($2::text[], ${ident(role)}::text) desc nulls last`
  const { rows } = await session.query<{ member: string }>(`select ${ident(user)}::text as member from ${qualified(table)} where ${ident(organization)}::text = $1${where === null ? '' : ` and (${where})`}${ranked} limit 2`, role === null ? [tenant] : [tenant, tenancy.roles])
  return [...rows.map(({ member }) => member), owner]
}

function tenantClaim({ spec: { tenancy } }: Plan, planned: TablePlan | undefined, row: Record<string, string | null>): Record<string, unknown> {
  const tenant = planned?.table.tenantColumn ? (row[planned.table.tenantColumn] ?? null) : null
  if (tenancy.model !== 'tenant_column' || tenant === null) return {}
  return tenancy.claim.reduceRight<unknown>((inner, key) => ({ [key]: inner }), /^(big|small)?int|numeric/.test(tenancy.type) ? Number(tenant) : tenant) as Record<string, unknown>
}
