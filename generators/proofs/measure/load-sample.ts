/** Synthetic rows in a database of a design, so many that each key has as many as declared. */
import type { Catalog } from '../../design/catalog.ts'
import type { Plan } from '../../design/plan.ts'
import { isSystemSchema } from '../../design/system-schemas.ts'
import { type Sample, type SampledColumn, type SampledTable, sampledColumns } from '../../planner/sample/sample-sql.ts'
import type { TableScale } from '../../planner/scale/table-scale.ts'
import { designScale } from '../../planner/scale/design-scale.ts'
import { workloadTables } from '../../planner/workload.ts'
import type { Database } from '../../postgres/database.ts'
import { reachableTables } from '../../postgres/scale/scale-database.ts'
import type { Session } from '../../postgres/session.ts'
import { parseExpression } from '../../sql/expression.ts'
import { ident, identList, qualified } from '../../sql/identifier.ts'
import { createFixtures, isOpen } from '../fixtures/fixtures.ts'
import { refusalOf } from '../proof-error.ts'

export interface SampleSize {
  /** Of the largest table, and of all together. */
  largest: number
  total: number
}

export interface LoadedSample {
  sample: Sample
  /** Rows by `schema.table`, as they are there. */
  rows: Record<string, number>
  notes: string[]
}

/** Triggers and foreign keys rest, all other constraints hold. */
export async function loadSample(database: Database, { plan, catalog, size }: { plan: Plan; catalog: Catalog; size: SampleSize }): Promise<LoadedSample> {
  const notes: string[] = []
  const touched = (await reachableTables(database, workloadTables(plan))).filter(({ kind, schema }) => kind === 'table' && !isSystemSchema(schema))
  const { tables: scales } = designScale(plan, catalog, touched, 'launch')
  const [largest, total] = [Math.max(1, ...scales.map(({ rows }) => rows)), scales.reduce((sum, { rows }) => sum + rows, 0)]
  const share = Math.min(1, size.largest / largest, size.total / total)
  await using session = await database.connect({ user: 'supabase_admin' })
  const tables: SampledTable[] = []
  for (const scale of scales) {
    await session.query('begin')
    const fixtures = await createFixtures(session, { samples: plan.spec.samples })
    const drafted = await fixtures.draft(scale).catch((error: unknown) => ({ open: refusalOf(error) }))
    const shape = fixtures.shape(scale)
    await session.query('rollback')
    if ('open' in drafted || isOpen(drafted)) notes.push(`${scale.schema}.${scale.name} has no rows: no valid row of it was found (${JSON.stringify(drafted)}).`)
    else tables.push({ ...shape, rows: Math.max(1, Math.round(scale.rows * share)), scale: withRoles(scale, plan), columns: shape.columns.filter(({ generated }) => !generated), example: drafted.stored })
  }
  const sample: Sample = { tables, share }
  const indexes = await dropIndexes(session, touched.map(({ oid }) => oid))
  const rows: Record<string, number> = {}
  await session.query("set session_replication_role = replica; set statement_timeout = '120s'")
  for (const table of tables) {
    const loaded = await fill(session, table, sample, notes).catch((error: unknown) => refusalOf(error))
    if (typeof loaded === 'string') notes.push(`${qualified(table)} has no rows: ${loaded}.`)
    else rows[qualified(table)] = loaded
  }
  for (const sql of indexes) await session.query(sql)
  for (const table of tables) await session.query(`vacuum (freeze, analyze) ${qualified(table)}`)
  return { sample, rows, notes }
}

/** Members of every role, all of them active. */
function withRoles(scale: TableScale, { spec: { tenancy } }: Plan): TableScale {
  if (tenancy.model !== 'organization' || qualified(tenancy.memberships.table) !== qualified(scale)) return scale
  const { roles, memberships: { role, where } } = tenancy
  const equal = new Map([...(where ?? '').matchAll(/"?(\w+)"?\s*=\s*'([^']*)'/g)].map(([, column = '', value = '']) => [column, value]))
  const empty = new Set([...(where ?? '').matchAll(/"?(\w+)"?\s+is\s+null/gi)].map(([, column = '']) => column))
  const columns = scale.columns.map((column) => {
    if (column.name === role) return { ...column, nullShare: 0, mostCommon: roles.map((value) => ({ value, share: 1 / roles.length })) }
    const value = equal.get(column.name)
    return value !== undefined ? { ...column, nullShare: 0, mostCommon: [{ value, share: 1 }] } : empty.has(column.name) ? { ...column, nullShare: 1 } : column
  })
  return { ...scale, columns }
}

/** Built at once when the rows are there. Keys stay: they keep rows apart. */
async function dropIndexes(session: Session, tables: readonly number[]): Promise<string[]> {
  const { rows } = await session.query<{ name: string; definition: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name, pg_get_indexdef(i.indexrelid) as definition from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace where i.indrelid = any ($1::int8[]::oid[]) and not i.indisunique order by c.relname collate "C"`,
    [tables],
  )
  for (const { name } of rows) await session.query(`set session_replication_role = replica; drop index ${name}; reset session_replication_role`)
  return rows.map(({ definition }) => definition)
}

/** A value that a constraint refuses gives way to the example's. */
async function fill(session: Session, table: SampledTable, sample: Sample, notes: string[]): Promise<number> {
  const columns = sampledColumns(table, sample)
  const kept = new Set(columns.filter(({ isKey }) => isKey).map(({ name }) => name))
  for (const { name, sql, example } of columns) {
    if (kept.has(name) || sql === example) continue
    if (await passes(session, table, columns, new Set([...kept, name]))) kept.add(name)
    else notes.push(`${qualified(table)}.${name} has one value in all rows: a constraint refuses others.`)
  }
  let loaded = 0
  // Rows that would repeat a unique key are left out, and others come in their place.
  for (let round = 0, next = 1; round < 3 && loaded < table.rows; round += 1) {
    const wanted = Math.ceil((table.rows - loaded) * (round === 0 ? 1 : 1.5))
    loaded += (await session.query(insertSql(table, columns, kept, [next, next + wanted - 1]))).rowCount
    next += wanted
  }
  if (loaded < table.rows * 0.95) notes.push(`${qualified(table)} has ${loaded} of ${table.rows} rows: its unique keys have no room for more.`)
  return loaded
}

async function passes(session: Session, table: SampledTable, columns: readonly SampledColumn[], kept: ReadonlySet<string>): Promise<boolean> {
  await session.query('begin')
  const isFine = await session.query(insertSql(table, columns, kept, [1, 50])).then(({ rowCount }) => rowCount > 0, () => false)
  await session.query('rollback')
  return isFine
}

/** `offset 0`: each value is computed once, however many checks read it. Where a check refuses the values of a row, its columns take those of the example. */
function insertSql(table: SampledTable, columns: readonly SampledColumn[], kept: ReadonlySet<string>, [first, last]: readonly [number, number]): string {
  const names = identList(columns.map(({ name }) => name))
  const values = columns.map(({ name, sql, example }) => `${kept.has(name) ? sql : example} as ${ident(name)}`)
  const checked = columns.map(({ name, example, isKey }) => {
    const checks = isKey ? [] : table.checks.filter((check) => parseExpression(check).columns.some((path) => path.at(-1) === name))
    return checks.length === 0 ? ident(name) : `case when ${checks.map((check) => `(${check}) is not false`).join(' and ')} then ${ident(name)} else ${example} end`
  })
  return `insert into ${qualified(table)} (${names}) overriding system value select ${checked.join(', ')} from (select ${values.join(', ')} from generate_series(${first}, ${last}) g offset 0) as ${ident(table.name)} on conflict do nothing`
}
