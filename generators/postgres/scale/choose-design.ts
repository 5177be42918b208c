/** The plan of a design with the indexes that its workload is best served with when the tables are as large as they will be. */
import { indexTarget } from '../../planner/index-target.ts'
import { bytes, count } from '../../artifacts/pages/quantity.ts'
import type { Catalog } from '../../design/catalog.ts'
import type { IndexPlan, IndexWorth, Plan, RejectedIndex } from '../../design/plan.ts'
import type { SqlFile } from '../../design/sql-file.ts'
import { isSystemSchema } from '../../design/system-schemas.ts'
import { TrrError } from '../../errors.ts'
import { callerClaims } from '../../planner/caller-claims.ts'
import { type IndexCandidate, identityOf } from '../../planner/candidates/candidate.ts'
import { candidateOf, requirementsOf } from '../../planner/design-requirements.ts'
import { statementWords } from '../../planner/statement-words.ts'
import { isBeginningOf, isBeginningOfStanding } from '../../planner/candidates/standing-index.ts'
import { indexName, indexNames } from '../../planner/index-name.ts'
import { isPartitioned } from '../../planner/indexes.ts'
import { designScale } from '../../planner/scale/design-scale.ts'
import { measuredTable } from '../../planner/scale/table-rows.ts'
import { nearestAlternative } from '../../planner/selection/alternatives.ts'
import { lossWithout } from '../../planner/selection/losses.ts'
import { netCost, statementCost } from '../../planner/selection/problem.ts'
import { rateOf, variantsOf, writesOfDesign } from '../../planner/weighted-workload.ts'
import { sameTable } from '../../planner/table-indexes.ts'
import { type WorkloadStatement, workloadOf, workloadTables } from '../../planner/workload.ts'
import { applyFiles } from '../replay.ts'
import type { ReplayedServer } from '../server.ts'
import { blockedCandidates } from './blocked-candidates.ts'
import { type ChosenIndex, chosenIndexes, indexesOfPlan } from './chosen-names.ts'
import { type ChoiceTask, type IndexChoice, type WeightedStatement, withIndexChoice } from './index-choice.ts'
import type { Oracle } from './oracle.ts'

/** As many as a table of a design gets besides its keys. */
const mostOfTable = 12

/** Within the error of the planner's figures, fewer indexes are better. */
const leastGain = 0.1

/** Indexes as large as the tables have to save so much. */
const priceOfRoom = 0.05

/** `migrations` make the plan without its indexes. When they do not apply the plan stays as the rules made it, and the proofs say why. */
export async function chooseForDesign(server: Pick<ReplayedServer, 'createDatabase' | 'catalog'>, plan: Plan, migrations: readonly SqlFile[]): Promise<Plan> {
  if (plan.indexes.length === 0 && plan.queries.length === 0) return plan
  const database = await server.createDatabase()
  try {
    const applied = await applyFiles(database, migrations).then(() => true, refused)
    if (!applied) return plan
    return await withIndexChoice(taskOf(server, plan, database), (choice, oracle) => chosenPlan(plan, choice, oracle, workloadOf(plan, server.catalog)))
  } finally {
    await database.drop()
  }
}

function refused(error: unknown): false {
  if (error instanceof TrrError && error.issues.every(({ code }) => code !== 'INTERRUPTED')) return false
  throw error
}

function taskOf(server: Pick<ReplayedServer, 'createDatabase' | 'catalog'>, plan: Plan, database: ChoiceTask['database']): ChoiceTask {
  const claims = callerClaims(plan)
  const requirements = requirementsOf(plan)
  return {
    server, database, tables: workloadTables(plan), writes: writesOfDesign(plan), ...(plan.figures ? { figures: plan.figures } : {}), perTable: mostOfTable, budget: null, priceOfRoom, tolerance: 0.01, slack: 0, leastGain,
    accepts: (candidate) => isWorthTrying(candidate, plan, server.catalog),
    statements: workloadOf(plan, server.catalog).map((statement): WeightedStatement => ({ ...statement, claims, perSecond: rateOf(statement, plan), isFelt: statement.kind === 'query' })),
    // Partitions follow from their parent, unless they were measured.
    scalesOf: (touched) => designScale(plan, server.catalog, touched.filter((table) => table.partition === null || measuredTable(server.catalog, table) !== null), 'horizon').tables,
    variants: (scales) => variantsOf(plan, server.catalog, scales).map(({ of, id, statement, perSecond, values, distinct }): WeightedStatement => ({
      ...statement, id, claims, perSecond, isFelt: true, variantOf: of, ...(values ? { values } : {}), distinct,
    })),
    wanted: () => ({ candidates: plan.indexes.map(candidateOf), required: (candidate) => requirements.filter((one) => one.isMetBy(candidate)).map(({ name }) => name) }),
    tenantOf: (name) => plan.tables.find(({ table }) => sameTable(table, name))?.table.tenantColumn ?? null,
  }
}

/** Beside a key that finds one row, a second index with more of the row in it is dear; on a table that is in production, anything but a new access path is. */
function isWorthTrying({ table, keys, include, rule }: IndexCandidate, plan: Plan, catalog: Catalog): boolean {
  const planned = plan.tables.find((one) => sameTable(one.table, table))
  if (!planned) return !isPartitioned(table, catalog) && !['covering', 'merged', 'pair'].includes(rule)
  const unique = [planned.primaryKey.columns, ...planned.uniques.map(({ columns }) => columns)].filter(({ length }) => length > 0)
  return include.length === 0 || !unique.some((columns) => columns.every((column) => keys.some((key) => key.column === column)))
}

async function chosenPlan(plan: Plan, choice: IndexChoice, oracle: Oracle, workload: readonly WorkloadStatement[]): Promise<Plan> {
  const chosen = chosenIndexes(choice)
  const claims = callerClaims(plan)
  const readers = new Map<string, string[]>()
  for (const statement of workload.filter(({ id }) => !choice.refused.has(id))) {
    const seen = await oracle.plan({ ...statement, claims }, chosen.map(({ place }) => place))
    readers.set(statement.id, indexesOfPlan(seen, chosen, choice))
  }
  const requirements = requirementsOf(plan)
  const indexes = chosen.map(({ place, name, candidate: { rule: _rule, statements: _statements, ...candidate } }): IndexPlan => {
    const kept = requirements.filter((one) => one.isMetBy(candidate)).map(({ reason }) => reason)
    const served = plan.queries.filter(({ query }) => readers.get(`query ${query.name}`)?.includes(name)).map(({ query }) => ({ rule: 'query' as const, subject: query.name, says: `query ${query.name}, run by ${query.as}` }))
    const reasons = [...served, ...kept]
    return { name, ...candidate, reasons: reasons.length > 0 ? reasons : variantReasons(place, choice), concurrently: !plan.tables.some(({ table }) => sameTable(table, candidate.table)), worth: worthOf(place, choice) }
  })
  const own = new Set([...indexes.map(({ name }) => name), ...plan.tables.flatMap(({ primaryKey, uniques }) => [primaryKey.name, ...uniques.map(({ name }) => name)])])
  const queries = plan.queries.map((query) => {
    const read = readers.get(`query ${query.query.name}`)
    return read ? { ...query, index: read.find((name) => own.has(name)) ?? read[0] ?? null } : { ...query, index: null }
  })
  return { ...plan, indexes, queries, superfluous: superfluousOf(plan, choice, chosen), rejected: [...plan.rejected, ...rejectedIndexes(plan, indexes, choice), ...(await rejectedForCallers(plan, choice, oracle, workload))] }
}

/** Of tables that were there: a wider index does what a narrower one is for. */
function superfluousOf(plan: Plan, { standing }: IndexChoice, chosen: readonly ChosenIndex[]): NonNullable<Plan['superfluous']> {
  const existing = standing.filter(({ table }) => !isSystemSchema(table.schema) && !plan.tables.some((one) => sameTable(one.table, table)))
  return existing.flatMap((index) => {
    const wider = chosen.find(({ candidate }) => isBeginningOf(index, candidate))
    const longer = existing.find((other) => isBeginningOfStanding(index, other))
    return wider || longer ? [{ index: { schema: index.table.schema, name: index.name }, by: wider?.name ?? longer?.name ?? '', isNew: wider !== undefined }] : []
  })
}

/** What only a superuser would use, for queries of clients. */
async function rejectedForCallers(plan: Plan, choice: IndexChoice, oracle: Oracle, workload: readonly WorkloadStatement[]): Promise<RejectedIndex[]> {
  const claims = callerClaims(plan)
  const statements = workload.filter(({ kind, as }) => kind === 'query' && as !== 'service_role').map((statement): WeightedStatement => ({ ...statement, claims, perSecond: 0, isFelt: true }))
  const taken = new Set(chosenIndexes(choice).map(({ name }) => name))
  return (await blockedCandidates(statements, choice, oracle)).flatMap(({ place, statement, because }) => {
    const candidate = choice.candidates[place]?.candidate
    if (!candidate) return []
    const { rule: _rule, statements: _statements, ...index } = candidate
    return [{ index: { ...index, name: indexName(candidate, taken), reasons: [], concurrently: false }, because: `${because} (${statement})` }]
  })
}

/** Read only for values, or where conditions hang together. */
function variantReasons(place: number, { problem, selection }: IndexChoice): IndexPlan['reasons'] {
  const { statement } = lossWithout(problem, selection, place)
  const subject = (statement ?? '').replace(/^query /, '').replace(/, (dense|typical|hottest)$/, '')
  return [{ rule: 'query', subject, says: `query ${subject}` }]
}

/** What each of them is for beside the others, and what would do in its place. */
function worthOf(place: number, { candidates, selection, problem }: IndexChoice): IndexWorth {
  const { statement, ratio } = lossWithout(problem, selection, place)
  const other = nearestAlternative(problem, selection, place)
  const nearest = other && candidates[other.choice]?.candidate
  return {
    without: statement === null ? null : { statement: statementWords(statement), ratio },
    nearest: other && nearest ? { index: indexTarget(nearest), ratio: other.ratio } : null,
  }
}

/** What rules wanted and is not made, with what it would do to the whole. */
function rejectedIndexes(plan: Plan, kept: readonly IndexPlan[], { candidates, selection, problem }: IndexChoice): RejectedIndex[] {
  const made = new Set(kept.map(identityOf))
  const now = netCost(problem, selection)
  const found = plan.indexes.filter((index) => !made.has(identityOf(index))).map((index): RejectedIndex => {
    const place = candidates.findIndex(({ candidate }) => identityOf(candidate) === identityOf(index))
    return { index, because: reasonOf(place) }
  })
  // What is made has its names already.
  const names = indexNames(found.map(({ index }) => index), () => kept.map(({ name }) => name))
  return found.map(({ index, because }, place) => ({ index: { ...index, name: names[place] ?? '' }, because }))

  function reasonOf(place: number): string {
    const isRead = problem.statements.some(({ configurations }) => configurations.some(({ uses }) => uses.includes(place)))
    if (!isRead) return 'no plan that was tried reads it'
    const withIt = new Set([...selection, place])
    const costs = problem.statements.map((statement) => ({ id: statement.id, before: statementCost(statement, selection), after: statementCost(statement, withIt) }))
    const better = costs.toSorted((a, b) => a.after / a.before - b.after / b.before)[0]
    if (!better || better.after > better.before * 0.999) return 'beside the others no plan gets cheaper with it'
    const change = netCost(problem, withIt) / now - 1
    const size = bytes(problem.candidates[place]?.bytes ?? 0)
    return `${statementWords(better.id)} would cost ${count(better.after)} instead of ${count(better.before)} with it, and all reads and writes together ${change < 0 ? `${percent(-change)} less: too little for ${size} that every insert writes to` : `${percent(change)} more`}`
  }
}

function percent(share: number): string {
  return share >= 0.0095 ? `${Math.round(100 * share)} %` : `${share >= 0.0005 ? (100 * share).toFixed(1) : 'less than 0.1'} %`
}
