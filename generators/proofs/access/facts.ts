/** What the rules ask about the rows, read from the rows themselves and from those that decide about them. */
import type { ParentFacts, RowFacts } from '../../design/access.ts'
import type { ViaSpec } from '../../design/followed.ts'
import { findSpec } from '../../design/parent-rules.ts'
import { type Spec, type TableSpec, deletionColumn } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import type { Row } from '../fixtures/fixtures.ts'
import { type Sight, createSight } from './sight.ts'
import { keyExpression, valueOf } from './subject.ts'
import type { World } from './world.ts'

export interface FoundRow {
  key: string
  values: Row
  facts: RowFacts
}

export interface FactsReader {
  /** Every row of the table, by key. */
  rows(table: TableSpec): Promise<FoundRow[]>
  /** The facts of a row from its values, whether it is stored or not. */
  of(table: TableSpec, values: Row, where: RowFacts['where']): Promise<RowFacts>
  /** What the table's `via` columns give a row that references this one. */
  through(via: ViaSpec, table: TableSpec, value: string): Promise<Partial<RowFacts>>
  /** Parents that exist already and cannot be asked. */
  refusals(): string[]
}

/** Remembers what it read: make a new one when rows that decide have changed. */
export function readFacts(session: Session, spec: Spec, world: World): FactsReader {
  const context: Context = { session, spec, world, sight: createSight(session, world), read: new Map() }
  return {
    rows: (table) => readRows(context, table, null),
    of: (table, values, where) => factsOf(context, table, values, where),
    through: (via, table, value) => through(context, via, table, value),
    refusals: () => context.sight.refusals(),
  }
}

interface Context {
  session: Session
  spec: Spec
  world: World
  sight: Sight
  read: Map<string, Promise<FoundRow | undefined>>
}

async function readRows(context: Context, table: TableSpec, condition: string | null): Promise<FoundRow[]> {
  const { where } = table.access
  const listed = table.columns.map(({ name }) => `${ident(name)}::text as ${ident(name)}`).join(', ')
  const { rows } = await context.session.query<{ key: string; own: boolean; any: boolean; values: Row }>(`
    select ${keyExpression(table)} as key, (${where.own ?? 'true'}) is true as own, (${where.any ?? 'true'}) is true as any,
      (select to_jsonb(v) from (select ${listed}) as v) as values
    from ${qualified(table)}${condition === null ? '' : ` where ${condition}`} order by 1`)
  const found: FoundRow[] = []
  for (const { key, own, any, values } of rows) found.push({ key, values, facts: await factsOf(context, table, values, { own, any }) })
  return found
}

async function factsOf(context: Context, table: TableSpec, values: Row, where: RowFacts['where']): Promise<RowFacts> {
  const { world } = context
  const deletion = deletionColumn(table)
  const facts: RowFacts = {
    owner: table.ownerColumn === null ? null : (values[table.ownerColumn] ?? null),
    ...(table.addressee === undefined ? {} : { addressee: world.addresses?.find(({ email, confirmed }) => confirmed && email === values[table.addressee ?? ''])?.userId ?? null }),
    ...ofTenant(world, table.tenantColumn === null ? null : (values[table.tenantColumn] ?? null)),
    deleted: deletion !== null && (values[deletion] ?? null) !== null,
    where,
    parent: null,
    shares: await sharesOf(context, table, values),
  }
  for (const via of [table.tenantVia, table.access.via]) {
    const value = via && (values[via.column] ?? null)
    if (via && value !== null) Object.assign(facts, await through(context, via, table, value))
  }
  return facts
}

function ofTenant(world: World, tenant: string | null): Pick<RowFacts, 'tenant' | 'organizationDeleted'> {
  return { tenant, organizationDeleted: world.tenants.some(({ key, deleted }) => deleted && key === tenant) }
}

async function through(context: Context, { column }: ViaSpec, { access: { via }, tenantVia }: TableSpec, value: string): Promise<Partial<RowFacts>> {
  return {
    ...(tenantVia?.column === column ? ofTenant(context.world, await tenantBehind(context, tenantVia, value)) : {}),
    ...(via?.column === column ? { parent: await parentBehind(context, via, value) } : {}),
  }
}

async function tenantBehind(context: Context, via: ViaSpec, value: string): Promise<string | null> {
  const parent = findSpec(context.spec.tables, via.references)
  if (parent) return (await rowBehind(context, parent, via.key, value))?.facts.tenant ?? null
  if (context.spec.tenancy.model === 'none') return null
  const { rows } = await context.session.query<{ tenant: string | null }>(`select ${ident(context.spec.tenancy.column)}::text as tenant from ${qualified(via.references)} where ${ident(via.key)}::text = ${literal(value)}`)
  return rows[0]?.tenant ?? null
}

async function parentBehind(context: Context, via: ViaSpec, value: string): Promise<ParentFacts | null> {
  const table = findSpec(context.spec.tables, via.references)
  if (!table) return { seenBy: await context.sight.seenBy(via, value) }
  const row = await rowBehind(context, table, via.key, value)
  return row ? { table, facts: row.facts } : null
}

/** Several rows of one table have the same parent. */
function rowBehind(context: Context, table: TableSpec, key: string, value: string): Promise<FoundRow | undefined> {
  const identity = JSON.stringify([table.schema, table.name, key, value])
  const known = context.read.get(identity) ?? readRows(context, table, `${ident(key)} = ${valueOf(table, key, value)}`).then(([row]) => row)
  context.read.set(identity, known)
  return known
}

async function sharesOf({ session }: Context, table: TableSpec, values: Row): Promise<RowFacts['shares']> {
  const { shares } = table.access
  const key = values[table.primaryKey[0] ?? ''] ?? null
  if (shares === null || key === null) return []
  const live = shares.deleted === null ? '' : ` and ${ident(shares.deleted)} is null`
  const { rows } = await session.query<RowFacts['shares'][number]>(
    `select ${ident(shares.user)}::text as user, ${shares.level === null ? 'null' : `${ident(shares.level)}::text`} as level from ${qualified(shares.table)} where ${ident(shares.row)}::text = ${literal(key)}${live} order by 1`,
  )
  return rows
}
