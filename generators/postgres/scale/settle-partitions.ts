/** Large tables in partitions of their time: every query of theirs planned on the table as it is and on a twin with partitions. */
import { constraintDefinitions } from '../../artifacts/column-definition.ts'
import { bytes, count } from '../../artifacts/pages/quantity.ts'
import type { Advice } from '../../design/advice.ts'
import type { Plan } from '../../design/plan.ts'
import type { SqlFile } from '../../design/sql-file.ts'
import { type PartitionWish, partitionWish, partitionsSql, queriesOf } from '../../planner/advice/partitioning.ts'
import { callerClaims } from '../../planner/caller-claims.ts'
import { visitPlan } from '../../planner/candidates/plan-tree.ts'
import { parameterValues } from '../../planner/scale/parameter-values.ts'
import { valueAt } from '../../planner/scale/spread.ts'
import { scaleOfColumn } from '../../planner/scale/table-scale.ts'
import { functionOwner, queryStatement } from '../../planner/workload.ts'
import { ident, identList, qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import type { Database } from '../database.ts'
import { explainInFull } from '../explain.ts'
import { applyFiles } from '../replay.ts'
import type { ReplayedServer } from '../server.ts'
import { type DesignAtScale, designAtScale } from './design-database.ts'
import { clockSchema, stopClock } from './fixed-clock.ts'

export interface PartitionTask {
  server: Pick<ReplayedServer, 'createDatabase' | 'catalog'>
  plan: Plan
  migrations: readonly SqlFile[]
}

/** Not where a query that somebody waits for becomes so many times dearer. */
const mostLoss = 20

/** At the horizon. Empty for ordinary tables, and where the twin cannot be made. */
export async function settlePartitions(task: PartitionTask): Promise<Advice[]> {
  const wishes = task.plan.tables.flatMap((planned) => partitionWish(planned, task.plan, task.server.catalog) ?? [])
  const found: Advice[] = []
  for (const wish of wishes) {
    const create = createStatement(wish, task.migrations)
    if (create === null) continue
    const before = await seenOn(task, wish, task.migrations)
    const after = await seenOn(task, wish, task.migrations.map(({ path, sql }) => ({ path, sql: patched(sql, wish, create) })), partitionsSql(wish))
    const advice = before && after && adviceOf(wish, create, { before, after })
    if (advice) found.push(advice)
  }
  return found
}

interface Create {
  from: string
  to: string
}

/** As the migration creates the table, and as it would be; null where somebody edited it. */
function createStatement({ planned, partitioned, column }: PartitionWish, migrations: readonly SqlFile[]): Create | null {
  const [keys, others] = [constraintDefinitions(planned), constraintDefinitions(partitioned)]
  const head = `create table ${qualified(planned.table)} (\n`
  const text = migrations.map(({ sql }) => sql).find((sql) => sql.includes(head))
  const from = text?.slice(text.indexOf(head)).split('\n);')[0]
  if (from === undefined || !keys.every((key) => from.includes(key))) return null
  return { from: `${from}\n)`, to: `${keys.reduce((sql, key, place) => sql.replace(key, () => others[place] ?? key), from)}\n) partition by range (${ident(column)})` }
}

/** Unique indexes have statements of their own. */
function patched(sql: string, { planned, partitioned }: PartitionWish, { from, to }: Create): string {
  const indexes = planned.uniques.flatMap((unique, place) => (unique.kind === 'index' ? [{ name: ident(unique.name), from: identList(unique.columns), to: identList(partitioned.uniques[place]?.columns ?? []) }] : []))
  return indexes.reduce((text, index) => text.replace(`create unique index ${index.name} on ${qualified(planned.table)} (${index.from})`, () => `create unique index ${index.name} on ${qualified(planned.table)} (${index.to})`), sql.replace(from, () => to))
}

interface SeenQuery {
  name: string
  sql: string
  types: string[]
  as: string
  plan: string[]
  cost: number
  /** Partitions in the plan. */
  parts: number
}

interface Seen {
  queries: SeenQuery[]
  /** What removes one partition's time of rows. */
  removal: SeenQuery
  parts: number
}

/** Null where the files do not apply. */
async function seenOn({ server, plan }: PartitionTask, wish: PartitionWish, migrations: readonly SqlFile[], partitions: string | null = null): Promise<Seen | null> {
  const database = await server.createDatabase()
  try {
    const isMade = await applyFiles(database, migrations).then(() => (partitions === null ? true : made(database, partitions)), () => false)
    if (!isMade) return null
    const scaled = await designAtScale(database, { plan, catalog: server.catalog }, 'horizon')
    await using _session = scaled.session
    const named = await partitionNames(scaled, wish)
    const queries: SeenQuery[] = []
    for (const { query } of queriesOf(wish.planned, plan, server.catalog)) {
      const planned = plan.queries.find((one) => one.query.name === query.name)
      if (!planned) continue
      const statement = queryStatement(planned, plan, server.catalog)
      const values = parameterValues(planned, scaled.tables, 'typical')
      const seen = await explainInFull(scaled.session, statement, { claims: callerClaims(plan), ...(values && values.length > 0 ? { values } : {}) }).catch(() => null)
      if (seen) queries.push({ name: query.name, sql: statement.sql, types: statement.types, as: statement.as, plan: seen.plan, cost: seen.cost, parts: partsIn(seen.root, named) })
    }
    return { queries, removal: await removalOn(scaled, wish, named), parts: named.size }
  } finally {
    await database.drop()
  }
}

/** With the clock of the plans, so that the partitions lie where the rows do. */
async function made(database: Database, partitions: string): Promise<boolean> {
  await using session = await database.connect({ user: 'supabase_admin' })
  await stopClock(session)
  return await session.query(`set role postgres; set search_path to ${clockSchema}, pg_catalog; ${partitions}`).then(() => true, () => false)
}

async function partitionNames({ session }: DesignAtScale, { planned: { table } }: PartitionWish): Promise<Set<string>> {
  const { rows } = await session.query<{ name: string }>(`select c.relname as name from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid where i.inhparent = ${literal(qualified(table))}::regclass`)
  return new Set(rows.map(({ name }) => name))
}

/** The oldest rows of one partition's time, as the owner of the table. */
async function removalOn(scaled: DesignAtScale, wish: PartitionWish, named: ReadonlySet<string>): Promise<SeenQuery> {
  const { planned: { table, columns }, column } = wish
  const type = columns.find(({ name }) => name === column)?.type ?? 'timestamptz'
  const scale = scaled.tables.find((one) => one.schema === table.schema && one.name === table.name)
  const spread = scale && scaleOfColumn(scale, column)?.spread
  const cut = spread ? valueAt(spread, 1 / wish.live) : null
  const sql = `delete from ${qualified(table)} where ${ident(column)} < $1`
  const { plan, cost, root } = await explainInFull(scaled.session, { sql, as: functionOwner, types: [type], parameters: 1 }, { claims: {}, ...(cut === null ? {} : { values: [cut] }) })
  return { name: table.name, sql, types: [type], as: functionOwner, plan, cost, parts: partsIn(root, named) }
}

function partsIn(root: Parameters<typeof visitPlan>[0] | undefined, named: ReadonlySet<string>): number {
  const read = new Set<string>()
  if (root) visitPlan(root, ({ 'Relation Name': name }) => (name !== undefined && named.has(name) ? read.add(name) : undefined))
  return read.size
}

function adviceOf(wish: PartitionWish, create: Create, { before, after }: { before: Seen; after: Seen }): Advice | null {
  const { planned: { table, primaryKey }, interval, column, live, size, bounded, weakened, partitioned } = wish
  const pairs = before.queries.flatMap((query) => {
    const other = after.queries.find(({ name }) => name === query.name)
    return other ? [{ name: query.name, before: query, after: other }] : []
  })
  const isLoss = pairs.some((pair) => pair.after.cost > Math.max(1000, pair.before.cost * mostLoss))
  // Without rows that go by their age, the queries have to earn it.
  const best = pairs.filter(({ name }) => bounded.some((query) => query.name === name)).toSorted((a, b) => b.before.cost / b.after.cost - a.before.cost / a.after.cost)[0]
  if (isLoss || pairs.length < before.queries.length || (table.retention === null && (!best || best.before.cost < 1.5 * best.after.cost))) return null
  const shown = table.retention === null && best ? best : { before: before.removal, after: after.removal }
  const name = qualified(table)
  const told = pairs.map((pair) => `${pair.name} ${count(pair.before.cost)} → ${count(pair.after.cost)}, in ${pair.after.parts} of ${after.parts} partitions`)
  return {
    id: 'partitioning', query: name, sql: shown.after.sql, types: shown.after.types, as: shown.after.as, runs: 1,
    says: [
      `${name} with its indexes comes to ${bytes(size.total.horizon)} by the model${table.retention ? `, and rows go ${table.retention.keep.text} after ${column}` : ''}.`,
      table.retention
        ? `In partitions of one ${interval.name} each, some ${live} of them, the oldest ${interval.name} is detached and dropped, however many rows it has. The two plans are of the DELETE that is not needed then: it reads and marks every row of a ${interval.name}, and leaves its room and that of its index entries to VACUUM.${table.retention.hold ? ` Rows with ${table.retention.hold} have to be moved before.` : ''}`
        : `In partitions of one ${interval.name} each, some ${live} of them, queries that bound ${column} read the partitions of that time only.`,
      `What it costs: the primary key is (${partitioned.primaryKey.columns.join(', ')}), so ${primaryKey.columns.join(', ')} alone may repeat, on conflict (${primaryKey.columns.join(', ')}) matches nothing, and no foreign key can refer to it;`,
      ...(weakened.length > 0 ? [`${weakened.map((unique) => unique.name).join(', ')} ${weakened.length === 1 ? 'holds' : 'hold'} within a moment of ${column} only, which is no promise any more;`] : []),
      `a query that does not bound ${column} asks every partition.${told.length > 0 ? ` Seen, with typical values: ${told.join('; ')}.` : ' No declared query reads it.'}`,
    ].join(' '),
    remedy: `Before it ships, write the create table of the migration as below, and make the partitions behind it. A job makes later ones ahead, and removes the oldest: alter table ${name} detach partition … concurrently, then drop table`,
    instead: create.to,
    ddl: [partitionsSql(wish)],
    before: { plan: shown.before.plan, cost: shown.before.cost }, after: { plan: shown.after.plan, cost: shown.after.cost },
  }
}
