/** Proposals, each planned before and after as who runs it, in databases of their own with the indexes and columns that they want. */
import { indexTarget } from '../../planner/index-target.ts'
import type { Advice } from '../../design/advice.ts'
import type { Catalog } from '../../design/catalog.ts'
import type { Plan, TablePlan } from '../../design/plan.ts'
import type { ColumnSpec } from '../../design/spec.ts'
import type { SqlFile } from '../../design/sql-file.ts'
import { proposalsOf } from '../../planner/advice/advices.ts'
import type { Asked, Proposal } from '../../planner/advice/proposal.ts'
import { callerClaims } from '../../planner/caller-claims.ts'
import { identityOf } from '../../planner/candidates/candidate.ts'
import { indexName } from '../../planner/index-name.ts'
import { sameTable, tableIndexes } from '../../planner/table-indexes.ts'
import { denseColumns } from '../../planner/scale/dense-columns.ts'
import { repeatedBy } from '../../planner/workload.ts'
import { parseSelect } from '../../sql/expression.ts'
import { ident } from '../../sql/identifier.ts'
import type { Database } from '../database.ts'
import { explainInFull } from '../explain.ts'
import { applyFiles } from '../replay.ts'
import type { ReplayedServer } from '../server.ts'
import { type DesignAtScale, designAtScale } from './design-database.ts'
import { settlePartitions } from './settle-partitions.ts'

/** The planner's units of a few hundred rows: below, nobody waits for it. */
const felt = 100

interface AdviceTask {
  server: Pick<ReplayedServer, 'createDatabase' | 'catalog'>
  plan: Plan
  migrations: readonly SqlFile[]
}

interface Trial {
  proposal: Proposal & { id: string }
  index: { name: string; sql: string } | null
}

/** At the horizon. What does not make it cheaper by the factor that the rule states is not among them. */
export async function settleAdvice(task: AdviceTask): Promise<Advice[]> {
  return [...(await settleProposals(task)), ...(await settlePartitions(task))]
}

async function settleProposals(task: AdviceTask): Promise<Advice[]> {
  const { plan, server: { catalog } } = task
  const taken = new Set([...plan.indexes.map(({ name }) => name), ...catalog.tables.flatMap(({ indexes }) => indexes.map(({ name }) => name))])
  const trials = proposalsOf(plan, catalog).map((proposal): Trial => ({ proposal, index: indexOf(proposal, plan, taken) }))
  if (trials.length === 0) return []
  const settled = new Map<Trial, Advice>()
  await inDatabase(task, { plan, trials, changes: false }, async (scaled, made) => {
    for (const trial of trials) {
      const before = await seen(scaled, { plan, catalog }, trial, 'before', made)
      if (!before) continue
      const after = trial.proposal.ddl.length > 0 && !trial.proposal.informs ? await withColumns(task, trial) : await seen(scaled, { plan, catalog }, trial, 'after', made)
      const advice = after && adviceOf(trial, before, after)
      if (advice) settled.set(trial, advice)
    }
  })
  return trials.flatMap((trial) => settled.get(trial) ?? []).filter(isFirst)
}

/** The same statistics serve every query that compares the same columns. */
function isFirst(advice: Advice, place: number, all: readonly Advice[]): boolean {
  return advice.id !== 'extended-statistics' || all.findIndex(({ ddl }) => ddl[0] === advice.ddl[0]) === place
}

/** Null where the index is there already. */
function indexOf({ index }: Proposal, plan: Plan, taken: Set<string>): Trial['index'] {
  if (!index || plan.indexes.some((one) => identityOf(one) === identityOf(index)) || isKey(index, plan)) return null
  const name = indexName(index, taken)
  taken.add(name)
  return { name, sql: `create index ${ident(name)} on ${indexTarget(index)}` }
}

/** It begins a key of the table, which is an index already. */
function isKey({ table, method, keys, where }: NonNullable<Proposal['index']>, plan: Plan): boolean {
  const planned = plan.tables.find((one) => sameTable(one.table, table))
  const all = planned ? tableIndexes(plan, planned).filter((one) => one.method === 'btree' && one.where === null && one.kind !== 'index') : []
  return method === 'btree' && where === null && all.some(({ columns }) => keys.every(({ column }, place) => columns[place] === column))
}

async function withColumns(task: AdviceTask, trial: Trial): Promise<Seen | null> {
  const changed = withColumn(task.plan, trial.proposal)
  return await inDatabase(task, { plan: changed, trials: [trial], changes: true }, async (scaled, made) => (made.has(trial) ? await seen(scaled, { plan: changed, catalog: task.server.catalog }, trial, 'after', made) : null))
}

/** With the columns as they would be: their statistics follow from the type. */
function withColumn(plan: Plan, { changed: change }: Proposal): Plan {
  if (!change) return plan
  const columns = (list: readonly ColumnSpec[]) => (list.some(({ name }) => name === change.column.name) ? list.map((one) => (one.name === change.column.name ? change.column : one)) : [...list, change.column])
  const isChanged = ({ schema, name }: { schema: string; name: string }) => schema === change.table.schema && name === change.table.name
  const spec = { ...plan.spec, tables: plan.spec.tables.map((table) => (isChanged(table) ? { ...table, columns: columns(table.columns) } : table)) }
  return { ...plan, spec, tables: plan.tables.map((one): TablePlan => (isChanged(one.table) ? { ...one, columns: columns(one.columns), table: { ...one.table, columns: columns(one.table.columns) } } : one)) }
}

/** `changes`: the tables are changed as well, not only indexed. `made`: what the server let be made. */
async function inDatabase<Result>({ server, migrations }: AdviceTask, { plan, trials, changes }: { plan: Plan; trials: readonly Trial[]; changes: boolean }, use: (scaled: DesignAtScale, made: ReadonlySet<Trial>) => Promise<Result>): Promise<Result> {
  const database = await server.createDatabase()
  try {
    await applyFiles(database, migrations)
    const made = new Set<Trial>()
    for (const trial of trials) if (await prepared(database, trial, changes)) made.add(trial)
    const scaled = await designAtScale(database, { plan, catalog: server.catalog }, 'horizon')
    await using _session = scaled.session
    return await use(scaled, made)
  } finally {
    await database.drop()
  }
}

/** As a migration would do it. A column that policies or other columns depend on stays as it is, and is no advice. */
async function prepared(database: Database, { proposal, index }: Trial, changes: boolean): Promise<boolean> {
  if (proposal.ddl.length > 0 && !changes) return true
  await using session = await database.connect()
  const statements = [...proposal.ddl, ...(index ? [index.sql] : [])]
  return statements.length === 0 || (await session.query(['begin', ...statements, 'commit'].join(';\n')).then(() => true, () => false))
}

interface Seen {
  plan: string[]
  cost: number
  indexes: string[]
}

/** Indexes that other proposals want are looked away from. */
async function seen(scaled: DesignAtScale, { plan, catalog }: { plan: Plan; catalog: Catalog }, trial: Trial, side: 'before' | 'after', made: ReadonlySet<Trial>): Promise<Seen | null> {
  if (side === 'after' && !made.has(trial)) return null
  const { sql, types, as, of, once, dependent }: Asked = trial.proposal[side]
  const sees = side === 'after' || trial.proposal.isIndexInSight === true
  const others = [...made].filter((other) => other !== trial || !sees).flatMap(({ index, proposal }) => (index ? [{ schema: proposal.index?.table.schema ?? '', name: index.name }] : []))
  const distinct = dependent ? denseColumns(dependent, scaled.tables) : []
  const relaxed = once && of ? repeatedBy(of, plan, catalog).relaxed : []
  return await explainInFull(scaled.session, { sql, as, types, parameters: Math.max(types.length, parseSelect(sql).parameters) }, { claims: callerClaims(plan), hidden: others, distinct, relaxed }).catch(() => null)
}

function adviceOf({ proposal, index }: Trial, before: Seen, after: Seen): Advice | null {
  const { id, query, remedy, runs, factor, ddl, after: { sql, types, as } } = proposal
  const cost = before.cost * runs
  // Requests are waited for even where plans are not.
  if (!(proposal.informs ? isAnother(before, after, factor) : (cost >= felt || runs > 1) && cost >= after.cost * factor)) return null
  const unread = index && proposal.index && proposal.isIndexInSight && !before.indexes.includes(index.name) ? ` With ${indexTarget(proposal.index)} in place, the plan of ${proposal.before.as} does not read it.` : ''
  const says = `${proposal.says}${unread}`
  const isRead = index !== null && after.indexes.includes(index.name)
  return { id, query: query.name, says, remedy, sql, types, as, ddl: [...ddl, ...(isRead ? [index.sql] : [])], runs, before: { plan: before.plan, cost }, after: { plan: after.plan, cost: after.cost } }
}

function isAnother(before: Seen, after: Seen, factor: number): boolean {
  const [less, more] = [before.cost, after.cost].toSorted((a, b) => a - b) as [number, number]
  return more >= felt && (more >= less * factor || before.plan.join('\n') !== after.plan.join('\n'))
}
