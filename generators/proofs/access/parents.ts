/** Rows that decide about those of a table: of the design, with the relations that callers have to them; or of a table that exists. */
import { mayDo } from '../../design/access.ts'
import type { ViaSpec } from '../../design/followed.ts'
import { findSpec, followedTables, sharedTableOf } from '../../design/parent-rules.ts'
import type { Plan, TablePlan } from '../../design/plan.ts'
import { type Spec, type TableSpec, verbs } from '../../design/spec.ts'
import { type Fixtures, type Row, isOpen } from '../fixtures/fixtures.ts'
import { join, linksBetween, userColumns } from './user-links.ts'
import type { FactsReader } from './facts.ts'
import type { ParentRow } from './parent-row.ts'
import { oneOfEach } from './probe.ts'
import type { SubjectRow } from './subject.ts'
import type { World } from './world.ts'

export interface Population {
  fixtures: Fixtures
  spec: Spec
  world: World
  facts: FactsReader
  /** The rows of the tables so far. */
  rowsOf: ReadonlyMap<TableSpec, readonly SubjectRow[]>
}

/** Tables whose rows decide come first; otherwise as in the plan. */
export function decidingFirst({ tables, spec }: Plan): TablePlan[] {
  const ordered: TablePlan[] = []
  const place = (planned: TablePlan) => {
    if (ordered.includes(planned)) return
    const shared = sharedTableOf(planned.table, spec.tables)
    for (const name of [...followedTables(planned.table), ...(shared ? [shared] : [])]) {
      const before = tables.find(({ table }) => table.schema === name.schema && table.name === name.name)
      if (before) place(before)
    }
    ordered.push(planned)
  }
  tables.forEach(place)
  return ordered
}

/** Empty where no other row decides. */
export async function parentRows(population: Population, table: TableSpec): Promise<ParentRow[]> {
  const via = followedTables(table).length === 0 ? null : (table.access.via ?? table.tenantVia)
  if (via === null) return []
  const { spec, facts, rowsOf } = population
  const parent = findSpec(spec.tables, via.references)
  const rows = parent ? ofDesign(rowsOf.get(parent) ?? [], via) : await ofExisting(population, via)
  const found: ParentRow[] = []
  for (const row of rows) {
    const value = row.given[via.column]
    if (value === null || value === undefined) continue
    const gives = await facts.through(via, table, value)
    found.push({ ...row, given: { ...row.given, ...(await elsewhere(population, table, via, row.tenant)) }, tenant: gives.tenant ?? row.tenant, gives })
  }
  return parent ? oneOfEach(found, (row) => standing(row, population)) : telling(found, population.world)
}

/** Of parents that mean the same to everybody, for the same reasons, one is enough: rows below rows would become too many. */
function standing({ gives: { parent = null, tenant }, tenant: stored, deleted: mark }: ParentRow, { world, spec }: Population): string {
  // Below a deleted parent no row is made of those that stand for all others.
  if (parent === null || 'seenBy' in parent) return JSON.stringify([tenant, stored, mark])
  const { facts, table } = parent
  const { owner, deleted, where, organizationDeleted } = facts
  return JSON.stringify([stored, owner, deleted, where, organizationDeleted, facts.shares, world.identities.map(({ caller }) => verbs.map((verb) => mayDo(verb, caller, { ...facts, deleted: false }, table, spec.tenancy)))])
}

function ofDesign(rows: readonly SubjectRow[], { column, key }: ViaSpec): Omit<ParentRow, 'gives'>[] {
  return rows.map(({ id, title, values, facts }) => ({ id, title, given: { [column]: values[key] ?? null }, tenant: facts.tenant, owner: facts.owner, deleted: facts.deleted, unshared: facts.shares.length === 0 }))
}

/** Where the tenant comes through another column than access. */
async function elsewhere({ spec, rowsOf, fixtures }: Population, { tenantVia }: TableSpec, { column }: ViaSpec, tenant: string | null): Promise<Row> {
  if (tenantVia === null || tenantVia.column === column) return {}
  const known = [...(rowsOf.get(findSpec(spec.tables, tenantVia.references) as TableSpec) ?? [])].find(({ facts }) => tenant === null || facts.tenant === tenant)
  if (known) return { [tenantVia.column]: known.values[tenantVia.key] ?? null }
  const row = await fixtures.row(tenantVia.references)
  return isOpen(row) ? {} : { [tenantVia.column]: row.stored[tenantVia.key] ?? null }
}

/** Of tenants, of users and their memberships, and with other values in each column: some of them some callers see, and others not. */
async function ofExisting({ fixtures, world, spec }: Population, via: ViaSpec): Promise<Omit<ParentRow, 'gives'>[]> {
  const shape = fixtures.shape(via.references)
  const tenantColumn = spec.tenancy.model === 'none' ? undefined : shape.columns.find(({ name }) => spec.tenancy.model !== 'none' && name === spec.tenancy.column)?.name
  const links = linksBetween(fixtures.shapes().filter((candidate) => !findSpec(spec.tables, candidate)), shape)
  const found: Omit<ParentRow, 'gives'>[] = []
  const make = async (title: string, given: Row, tenant: string | null, user: string | null) => {
    const row = await fixtures.row(via.references, { given })
    if (isOpen(row)) return null
    if (user !== null) await join(fixtures, links, shape, row.stored, user)
    const { name } = via.references
    found.push({ id: `${name}:${found.length + 1}`, title: `row ${found.length + 1} of ${name}${title}`, given: { [via.column]: row.stored[via.key] ?? null }, tenant, owner: null, deleted: false, unshared: true })
    return row.stored
  }
  const tenants = tenantColumn === undefined ? [{ title: '', given: {}, key: null }] : world.tenants.map(({ title, key }) => ({ title: ` in ${title}`, given: { [tenantColumn]: key }, key }))
  const [first] = tenants
  let plain: Row | null = null
  for (const { title, given, key } of tenants) plain = (await make(title, given, key, null)) ?? plain
  for (const { identity } of world.owners.slice(0, 2)) {
    const user = identity.caller.userId
    await make(` of ${identity.title}`, { ...first?.given, ...Object.fromEntries(userColumns(shape).map(({ name }) => [name, user])) }, first?.key ?? null, user)
  }
  for (const column of plain ? shape.columns.filter(({ name, generated }) => !generated && !isKey(shape, name)) : []) {
    for (const other of await fixtures.otherValues(via.references, plain ?? {}, column.name, [])) await make(` with another ${column.name}`, { ...first?.given, [column.name]: other }, first?.key ?? null, null)
  }
  return found
}

function isKey(shape: ReturnType<Fixtures['shape']>, name: string): boolean {
  return [shape.primaryKey, ...shape.uniques, ...shape.foreignKeys.map(({ columns }) => columns)].some((columns) => columns.includes(name))
}

/** One for each set of callers that see it, in each tenant. */
function telling(rows: readonly ParentRow[], world: World): ParentRow[] {
  const classes = rows.map(({ gives: { parent }, tenant }) => JSON.stringify([tenant, parent && 'seenBy' in parent ? world.identities.map(({ caller }) => parent.seenBy.has(caller)) : null]))
  return rows.filter((_, index) => classes.indexOf(classes[index] ?? '') === index)
}
