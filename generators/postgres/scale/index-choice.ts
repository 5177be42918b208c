/** The best indexes of a workload, tried on a real planner that takes empty tables for full ones. */
import type { Catalog } from '../../design/catalog.ts'
import type { InsertFigures } from '../../design/insert-figures.ts'
import { type CandidateTable, type IndexCandidate, identityOf } from '../../planner/candidates/candidate.ts'
import { candidatesOf, sameTable } from '../../planner/candidates/candidates.ts'
import { relevantCandidates } from '../../planner/candidates/relevance.ts'
import { type Scan, scansOfPlan } from '../../planner/candidates/scan.ts'
import { type StandingIndex, isBeginningOf, isHeldBy } from '../../planner/candidates/standing-index.ts'
import type { TableScale } from '../../planner/scale/table-scale.ts'
import type { Chosen } from '../../planner/selection/choice-request.ts'
import { chooseIndexes } from '../../planner/selection/choose.ts'
import { type FixedIndex, type TableWrites, updatesOf, writeCostOf } from '../../planner/selection/write-model.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import { loadParser } from '../../sql/parser.ts'
import { readCatalog } from '../catalog/catalog.ts'
import type { Database } from '../database.ts'
import type { ReplayedServer } from '../server.ts'
import { type CreatedCandidate, createCandidates, hideCandidates } from './candidate-indexes.ts'
import { type Oracle, type OracleStatement, openOracle } from './oracle.ts'
import { reachableTables, scaleDatabase } from './scale-database.ts'
import { standingIndexes } from './standing-indexes.ts'
import type { TouchedTable } from './touched-relations.ts'

export interface ChoiceTask {
  server: Pick<ReplayedServer, 'createDatabase'>
  /** Everything but the indexes that are chosen is there. It is scaled and filled with candidates. */
  database: Database
  statements: readonly WeightedStatement[]
  /** Tables that statements may read beyond those of their plans. */
  tables: readonly QualifiedName[]
  /** As large as they will be; null where the database stays as it is. */
  scalesOf(touched: readonly TouchedTable[], scans: readonly Scan[]): readonly TableScale[] | null
  /** Further ways in which statements are planned, when the sizes are known. */
  variants(scales: readonly TableScale[]): readonly WeightedStatement[]
  writes: readonly TableWrites[]
  /** What an entry of an index costs; those that are shipped where nobody measured. */
  figures?: InsertFigures
  /** What rules want; `required` names statements' or keys' lists of which one has to be there, by the identity of candidates. */
  wanted(catalog: Catalog): { candidates: IndexCandidate[]; required: (candidate: IndexCandidate) => string[] }
  tenantOf(table: QualifiedName): string | null
  perTable: number
  budget: number | null
  priceOfRoom: number
  tolerance: number
  /** So much dearer the choice may become when it needs less room. */
  slack: number
  /** What makes no felt statement so much dearer by its absence is no index: a share of its cost. */
  leastGain: number
  /** Candidates that are not worth a trial here. */
  accepts(candidate: IndexCandidate, table: CandidateTable): boolean
}

export interface WeightedStatement extends OracleStatement {
  /** Times per second. */
  perSecond: number
  /** Somebody waits for it: it may not become much slower for the good of the others. */
  isFelt: boolean
  /** The same statement planned in another way: for values, or with conditions that hang together. */
  variantOf?: string
}

export interface IndexChoice extends Chosen {
  candidates: CreatedCandidate[]
  catalog: Catalog
  scales: readonly TableScale[]
  scans: Scan[]
  /** Indexes that are there already. */
  standing: StandingIndex[]
  /** Bytes of each candidate, and of everything else by name. */
  bytes: Record<string, number>
  /** Why a statement could not be planned. */
  refused: Map<string, string>
}

/** Microseconds that a unit of the planner's cost takes: a page read in order, from memory. */
export const microsecondsOfUnit = 3.3

/** Further databases make planning faster; from so many statements on it is worth a copy. */
const worthLane = 12

/** `use` gets the choice while its server can still be asked. */
export async function withIndexChoice<Result>(task: ChoiceTask, use: (choice: IndexChoice, oracle: Oracle) => Promise<Result>): Promise<Result> {
  await loadParser()
  const { database, statements } = task
  const { scans, refused, catalog } = await readScans(task)
  const names = distinctNames([...scans.map(({ table }) => table), ...task.tables])
  const touched = await reachableTables(database, names)
  const declared = task.scalesOf(touched, scans)
  const scales = declared ?? []
  const planned = [...statements, ...task.variants(scales)].filter(({ id, variantOf }) => !refused.has(variantOf ?? id))
  const tables = touched.flatMap((name) => candidateTable(name, { task, catalog, scales }))
  const { candidates: wanted, required } = task.wanted(catalog)
  const standing = await readStanding(database, touched)
  const fixed = catalog.tables.flatMap(fixedIndexes)
  const proposed = candidatesOf({ scans, tables, extensions: new Set(catalog.extensions.map(({ name }) => name)), wanted, existing: new Set(fixed.map(identityOf)) }).filter((one) => {
    const table = tables.find((other) => sameTable(other, one.table))
    return !standing.some((index) => isHeldBy(one, index)) && (table === undefined || task.accepts(one, table))
  })
  const created = await createCandidates(database, proposed)
  const lanes = declared && planned.length >= worthLane && created.length > 0 ? [database, await task.server.createDatabase({ from: database })] : [database]
  let bytes: Record<string, number> = {}
  for (const lane of lanes) {
    bytes = declared ? (await scaleDatabase(lane, await reachableTables(lane, names), scales)).bytes : await realSizes(lane)
    await hideCandidates(lane, created)
  }
  await using oracle = await openOracle(lanes, created)
  const all = created.map(({ candidate }) => candidate)
  const chosen = await chooseIndexes({
    candidates: created.map(({ candidate, names: [name = ''] }) => ({
      name, table: `${candidate.table.schema}.${candidate.table.name}`, bytes: bytes[`${candidate.table.schema}.${name}`] ?? 0,
      writeCost: writeCostOf(candidate, task.writes, scales.find((one) => sameTable(one, candidate.table)), task.figures) - sparedWrites(candidate, standing, task, scales),
    })),
    statements: planned.map((statement) => ({
      id: statement.id, weight: statement.perSecond * microsecondsOfUnit, isFelt: statement.isFelt, relevant: relevantCandidates(statement.variantOf ?? statement.id, scans, all), tables: scans.filter((scan) => scan.statement === (statement.variantOf ?? statement.id)).length,
    })),
    updates: updatesOf(all, fixed, task.writes, scales, task.figures),
    required: requirements(all, required),
    perTable: task.perTable,
    budget: task.budget,
    priceOfRoom: task.priceOfRoom,
    tolerance: task.tolerance,
    slack: task.slack,
    leastGain: task.leastGain,
    heapBytes: touched.reduce((sum, table) => sum + (bytes[`${table.schema}.${table.name}`] ?? 0), 0),
    lanes: lanes.length,
    widthOf: (choice) => widthOf(all[choice]),
    observe: (place, visible, isGlance) => oracle.observe(planned[place] as WeightedStatement, visible, isGlance),
  })
  return await use({ ...chosen, candidates: created, catalog, scales, scans, standing, bytes, refused }, oracle)
}

/** How much an index holds, roughly: a narrow one may do. */
function widthOf(candidate: IndexCandidate | undefined): number {
  if (!candidate || candidate.include.length > 0) return 4
  return candidate.where !== null ? 3 : Math.min(3, candidate.keys.length)
}

/** What the statements ask of tables, from their plans in the empty database. */
async function readScans({ database, statements }: ChoiceTask): Promise<Pick<IndexChoice, 'scans' | 'refused' | 'catalog'>> {
  await using session = await database.connect({ user: 'supabase_admin' })
  const catalog = await readCatalog(session)
  const { rows } = await session.query<{ schema: string; name: string; root_schema: string; root: string }>(
    `select n.nspname as schema, c.relname as name, rn.nspname as root_schema, r.relname as root from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     join pg_catalog.pg_class r on r.oid = pg_partition_root(c.oid) join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace where c.relispartition and c.relkind in ('r', 'p')`,
  )
  const root = ({ schema, name }: QualifiedName): QualifiedName => {
    const found = rows.find((row) => row.schema === schema && row.name === name)
    return found ? { schema: found.root_schema, name: found.root } : { schema, name }
  }
  const refused = new Map<string, string>()
  const scans: Scan[] = []
  // An index over some rows keeps its condition for itself; without it the condition stands in the plan.
  const hidden = catalog.tables.flatMap(({ schema, indexes }) => indexes.filter(({ where }) => where !== null).map(({ name }) => ({ schema, name })))
  await using oracle = await openOracle([database], [])
  for (const statement of statements) {
    const plan = await oracle.plan({ ...statement, hidden }, []).catch((error: unknown) => {
      refused.set(statement.id, (error as Error).message)
      return null
    })
    if (plan) scans.push(...scansOfPlan(statement.id, plan, root))
  }
  return { scans, refused, catalog }
}

async function readStanding(database: Database, tables: readonly QualifiedName[]): Promise<StandingIndex[]> {
  await using session = await database.connect({ user: 'supabase_admin' })
  return await standingIndexes(session, tables)
}

/** Of the indexes whose place a wider one takes. */
function sparedWrites(candidate: IndexCandidate, standing: readonly StandingIndex[], { writes, figures }: ChoiceTask, scales: readonly TableScale[]): number {
  const spared = standing.filter((index) => isBeginningOf(index, candidate)).map((index): IndexCandidate => ({ ...candidate, keys: candidate.keys.slice(0, index.keys.length), include: index.include, where: index.where }))
  return spared.reduce((sum, one) => sum + writeCostOf(one, writes, scales.find((scale) => sameTable(scale, one.table)), figures), 0)
}

/** Of relations that hold rows. */
async function realSizes(database: Database): Promise<Record<string, number>> {
  await using session = await database.connect({ user: 'supabase_admin' })
  const { rows } = await session.query<{ name: string; bytes: number }>("select format('%s.%s', n.nspname, c.relname) as name, pg_relation_size(c.oid)::float8 as bytes from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'i', 'm')")
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]))
}

interface TableSource {
  task: ChoiceTask
  catalog: Catalog
  scales: readonly TableScale[]
}

function candidateTable(name: QualifiedName, { task, catalog, scales }: TableSource): CandidateTable[] {
  const found = catalog.tables.find((table) => sameTable(table, name))
  if (!found || (found.kind !== 'table' && found.kind !== 'partitioned' && found.kind !== 'materialized view')) return []
  return [{ schema: found.schema, name: found.name, columns: found.columns, primaryKey: found.primaryKey, scale: scales.find((one) => sameTable(one, name)) ?? null, tenant: task.tenantOf(name) }]
}

/** Keys, unique keys and what else is there: never a candidate. */
export function fixedIndexes(table: Catalog['tables'][number]): FixedIndex[] {
  return table.indexes.filter(({ valid, columns }) => valid && columns.every((column) => column !== null)).map((index) => ({
    table: { schema: table.schema, name: table.name },
    method: index.method as FixedIndex['method'],
    keys: index.columns.map((column) => ({ column: column ?? '', direction: 'asc', nulls: null, operatorClass: null })),
    include: [],
    where: index.where,
  }))
}

function requirements(candidates: readonly IndexCandidate[], required: (candidate: IndexCandidate) => string[]): number[][] {
  const lists = new Map<string, number[]>()
  for (const [choice, candidate] of candidates.entries()) for (const name of required(candidate)) lists.set(name, [...(lists.get(name) ?? []), choice])
  return [...lists.values()]
}

function distinctNames(names: readonly QualifiedName[]): QualifiedName[] {
  return names.filter((name, place) => names.findIndex((other) => sameTable(other, name)) === place)
}
