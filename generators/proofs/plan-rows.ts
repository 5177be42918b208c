/** Real rows for the planner: a few valid ones from the fixtures, multiplied by the server. */
import type { QualifiedName } from '../sql/identifier.ts'
import { ident, identList, qualified } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'
import type { Spec, TableSpec } from '../design/spec.ts'
import type { Database } from '../postgres/database.ts'
import type { Session } from '../postgres/session.ts'
import { type Fixtures, type Row, createFixtures, isOpen } from './fixtures/fixtures.ts'
import type { ColumnShape, TableShape } from './fixtures/shapes.ts'

export interface LoadedRows {
  /** By `schema.table`. */
  rows: Record<string, number>
  /** Why a table has none, by `schema.table`. */
  open: Record<string, string>
}

/** Enough for an index to be cheaper than the whole table. */
export const rowsOfTable = 10_000
const tenants = 25
const rowsOfParent = 20
const variants = 6

/** Fills the tables, which are given parents first. What cannot be filled is said in `open`. */
export async function loadRows(database: Database, tables: readonly QualifiedName[], spec: Spec): Promise<LoadedRows> {
  const loaded: LoadedRows = { rows: {}, open: {} }
  const shapes = new Map<string, { shape: TableShape; templates: Row[] }>()
  await using drafting = await database.connect()
  await drafting.query('begin')
  const fixtures = await createFixtures(drafting, { samples: spec.samples, seed: 'plans' })
  for (const table of tables) {
    const templates = await templatesOf(fixtures, table, specOf(spec, table))
    if (typeof templates === 'string') loaded.open[keyOf(table)] = templates
    else shapes.set(keyOf(table), { shape: fixtures.shape(table), templates })
  }
  await drafting.query('rollback')
  await using session = await database.connect({ user: 'supabase_admin' })
  // Neither triggers nor foreign keys: the values are taken from the parents, and the planner asks for no more.
  await session.query("set session_replication_role = 'replica'")
  for (const [key, { shape, templates }] of shapes) {
    const failure = await multiply(session, shape, templates, { spec: specOf(spec, shape), loaded: loaded.rows })
    if (failure === null) loaded.rows[key] = rowsOfTable
    else loaded.open[key] = failure
  }
  for (const { shape } of shapes.values()) await session.query(`vacuum analyze ${qualified(shape)}`)
  return loaded
}

/** Valid rows that differ in the columns that queries like to name: one for each allowed value. */
async function templatesOf(fixtures: Fixtures, table: QualifiedName, spec: TableSpec | undefined): Promise<Row[] | string> {
  const wanted: Record<string, unknown>[] = []
  for (const column of fixtures.shape(table).columns) {
    const values = spec?.columns.find(({ name }) => name === column.name)?.oneOf ?? column.shape.labels
    if (column.shape.kind !== 'array') wanted.push(...values.map((value) => ({ [column.name]: value })))
  }
  const templates: Row[] = []
  let open = ''
  for (const given of [{}, ...wanted.slice(0, variants)]) {
    const draft = await fixtures.draft(table, { given })
    if (isOpen(draft)) open ||= draft.open
    else templates.push(draft.stored)
  }
  return templates.length > 0 ? templates : open
}

interface Surroundings {
  spec: TableSpec | undefined
  loaded: Record<string, number>
}

async function multiply(session: Session, shape: TableShape, templates: readonly Row[], around: Surroundings): Promise<string | null> {
  const columns = shape.columns.filter((column) => !column.generated)
  const values = columns.map((column) => valueOf(column, shape, templates, around))
  const overriding = columns.some((column) => column.identity) ? ' overriding system value' : ''
  try {
    await session.query(`insert into ${qualified(shape)} (${identList(columns.map(({ name }) => name))})${overriding}
      select ${values.join(', ')} from generate_series(1, ${rowsOfTable}) g`)
    return null
  } catch (error) {
    return `${keyOf(shape)} refuses synthetic rows: ${(error as Error).message}`
  }
}

/** An expression over `g`. */
function valueOf(column: ColumnShape, shape: TableShape, templates: readonly Row[], { spec, loaded }: Surroundings): string {
  const reference = shape.foreignKeys.find((key) => key.columns.includes(column.name) && keyOf(key.references) in loaded)
  const isKey = shape.uniques.some((key) => key.includes(column.name))
  // A key of one column that is a foreign key too takes each parent once.
  const isAlone = shape.uniques.some((key) => key.length === 1 && key[0] === column.name)
  const many = isAlone ? rowsOfTable : column.name === spec?.tenantColumn ? tenants : rowsOfTable / rowsOfParent
  if (reference) {
    const parent = ident(reference.referenced[reference.columns.indexOf(column.name)] ?? '')
    return `(array(select distinct ${parent} from ${qualified(reference.references)} order by 1 limit ${many}))[1 + g % ${many}]`
  }
  const references = shape.foreignKeys.some((key) => key.columns.includes(column.name))
  const counter = references || column.name === spec?.tenantColumn || column.name === spec?.ownerColumn ? `(g % ${many})` : 'g'
  const varied = variedValue(column, counter, isKey || counter !== 'g')
  return varied ?? templateValue(column, templates, isKey)
}

/** Types that can be counted up without breaking a check too often. */
function variedValue({ shape, type }: ColumnShape, counter: string, isKey: boolean): string | null {
  if (shape.name === 'timestamp with time zone' || shape.name === 'timestamp without time zone') return null
  if (!isKey) return null
  if (shape.name === 'uuid') return `md5(${counter}::text)::uuid`
  if (/^(integer|bigint|numeric)$/.test(shape.name)) return `${counter}::${type}`
  return shape.name === 'date' ? `date '2000-01-01' + ${counter}::int` : null
}

/** The templates in turn. Texts of keys get the number behind them, times move on by a minute. */
function templateValue(column: ColumnShape, templates: readonly Row[], isKey: boolean): string {
  const texts = templates.map((row) => row[column.name] ?? null)
  const values = texts.map((text) => (text === null ? `null::${column.type}` : `${literal(text)}::${column.type}`))
  const distinct = new Set(values)
  const turns = values.map((value, index) => `when ${index} then ${value}`).join(' ')
  const value = distinct.size === 1 ? (values[0] as string) : `case g % ${values.length} ${turns} end`
  const isTime = column.shape.name.startsWith('timestamp')
  if (isTime && (isKey || column.default !== null)) return `(${value}) - g * interval '1 minute'`
  if (isKey && distinct.size === 1 && /^(text|character varying)$/.test(column.shape.name)) return `(${value} || g)::${column.type}`
  return value
}

function specOf(spec: Spec, { schema, name }: QualifiedName): TableSpec | undefined {
  return spec.tables.find((table) => table.schema === schema && table.name === name)
}

function keyOf({ schema, name }: QualifiedName): string {
  return `${schema}.${name}`
}
