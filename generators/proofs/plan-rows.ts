/** Real rows for the planner: a few valid ones from the fixtures, multiplied by the server. */
import type { QuerySpec, Spec, TableSpec } from '../design/spec.ts'
import type { Database } from '../postgres/database.ts'
import type { Session } from '../postgres/session.ts'
import { type QualifiedName, ident, identList, qualified } from '../sql/identifier.ts'
import { type Fixtures, type Row, type Wanted, createFixtures, isOpen } from './fixtures/fixtures.ts'
import type { TableShape } from './fixtures/shapes.ts'
import { type RowSource, rowsOfTable, valueOf } from './row-values.ts'

export interface LoadedRows {
  /** By `schema.table`. */
  rows: Record<string, number>
  /** Why a table has none, by `schema.table`. */
  open: Record<string, string>
}

const variants = 8

/** Fills the tables, which are given parents first. What cannot be filled is said in `open`. */
export async function loadRows(database: Database, tables: readonly QualifiedName[], spec: Spec): Promise<LoadedRows> {
  const loaded: LoadedRows = { rows: {}, open: {} }
  const parents = new Set<string>()
  const sources: RowSource[] = []
  await using drafting = await database.connect()
  await drafting.query('begin')
  const fixtures = await createFixtures(drafting, { samples: spec.samples, seed: 'plans' })
  for (const table of tables) {
    const shape = fixtures.shape(table)
    const planned = spec.tables.find((one) => one.schema === table.schema && one.name === table.name)
    const templates = await templatesOf(fixtures, shape, planned, spec.queries.filter((query) => isOf(query, table)))
    if (typeof templates === 'string') loaded.open[keyOf(table)] = templates
    else sources.push({ shape, templates, table: planned, parents })
  }
  await drafting.query('rollback')
  await using session = await database.connect({ user: 'supabase_admin' })
  // Neither triggers nor foreign keys: the values are taken from the parents, and the planner asks for no more.
  await session.query("set session_replication_role = 'replica'")
  for (const source of sources) {
    const key = keyOf(source.shape)
    const inserted = await multiply(session, source)
    if (typeof inserted === 'string') loaded.open[key] = inserted
    else {
      loaded.rows[key] = inserted
      parents.add(key)
    }
  }
  for (const { shape } of sources) await session.query(`vacuum analyze ${qualified(shape)}`)
  return loaded
}

function isOf({ table }: QuerySpec, { schema, name }: QualifiedName): boolean {
  return table?.schema === schema && table.name === name
}

/** Valid rows that differ where queries look: one for each allowed value, some that match a constant condition and some that do not. */
async function templatesOf(fixtures: Fixtures, shape: TableShape, table: TableSpec | undefined, queries: readonly QuerySpec[]): Promise<Row[] | string> {
  const wanted: Wanted[] = [{}]
  for (const sql of new Set(queries.flatMap(constantConditions))) wanted.push({ must: [{ sql, holds: 'not true' }] }, { must: [{ sql, holds: 'true' }] })
  for (const column of shape.columns) {
    const values = table?.columns.find(({ name }) => name === column.name)?.oneOf ?? (column.shape.kind === 'enum' ? column.shape.labels : [])
    wanted.push(...values.map((value) => ({ given: { [column.name]: value } })))
  }
  const templates: Row[] = []
  let open = ''
  for (const one of wanted.slice(0, variants)) {
    const draft = await fixtures.draft(shape, one)
    if (isOpen(draft)) open ||= draft.open
    else templates.push(draft.stored)
  }
  return templates.length > 0 ? templates : open
}

function constantConditions({ where }: QuerySpec): string[] {
  return where.flatMap((condition) => {
    if ('sql' in condition) return [condition.sql]
    return condition.operator === 'is null' || condition.operator === 'is not null' ? [`${ident(condition.column)} ${condition.operator}`] : []
  })
}

/** How many rows went in, or why none did. */
async function multiply(session: Session, source: RowSource): Promise<number | string> {
  const columns = source.shape.columns.filter((column) => !column.generated)
  const overriding = columns.some((column) => column.identity) ? ' overriding system value' : ''
  try {
    // Keys over a few allowed values take a few rows: the others are left out.
    const { rowCount } = await session.query(`insert into ${qualified(source.shape)} (${identList(columns.map(({ name }) => name))})${overriding}
      select ${columns.map((column) => valueOf(column, source)).join(', ')} from generate_series(0, ${rowsOfTable - 1}) g
      on conflict do nothing`)
    return rowCount
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    // Only what the table itself refuses; a broken statement is a bug.
    if (!/^2[23]/.test(code ?? '')) throw error
    return `${keyOf(source.shape)} refuses synthetic rows: ${message}`
  }
}

function keyOf({ schema, name }: QualifiedName): string {
  return `${schema}.${name}`
}
