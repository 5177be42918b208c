/** Fills the table with one row for each relation that a caller can have to a row. */
import { mayDo } from '../../design/access.ts'
import { sharedTableOf } from '../../design/parent-rules.ts'
import { type TableSpec, deletionColumn, scopeColumn, writableColumns } from '../../design/spec.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import { isOpen } from '../fixtures/fixtures.ts'
import { type Identity, isClient } from './identity.ts'
import type { ParentRow } from './parent-row.ts'
import type { Population } from './parents.ts'
import { type RowState, deletedStates, hasOneRowEach, hiddenStates, plainState } from './row-states.ts'
import { type ShareWish, seedShares, shareWishes } from './seed-shares.ts'
import type { World } from './world.ts'

export interface Seeded {
  /** Title by key values of the primary key, joined by `|`. */
  titles: Map<string, { id: string; title: string }>
  open: string[]
}

interface Wish extends RowState {
  /** With everybody but the owner. */
  share?: ShareWish
}

export async function seedRows({ fixtures, spec, world }: Pick<Population, 'fixtures' | 'spec' | 'world'>, table: TableSpec, parents: readonly ParentRow[]): Promise<Seeded> {
  const seeded: Seeded = { titles: new Map(), open: [] }
  // The world's own organisations and memberships are the rows; shares were given with the rows that they share.
  if (table.kind === 'organizations' || table.kind === 'memberships' || sharedTableOf(table, spec.tables)) return seeded
  const deletions: string[] = []
  for (const [index, wish] of wishes(table, { world, spec }, parents).entries()) {
    const { given, deletion } = beforeDeletion(table, wish.given)
    const varied = await fixtures.row(table, { given: { ...variedValues(table, index), ...given }, must: wish.must })
    const row = isOpen(varied) ? await fixtures.row(table, { given, must: wish.must }) : varied
    if (!isOpen(row)) {
      seeded.titles.set(table.primaryKey.map((name) => row.stored[name] ?? '').join('|'), { id: wish.id, title: wish.title })
      if (deletion !== null) deletions.push(`update ${qualified(table)} set ${deletion} where ${table.primaryKey.map((name) => `${ident(name)} = ${literal(row.stored[name] ?? '')}`).join(' and ')}`)
      for (const reason of wish.share ? await seedShares(fixtures, table, world, row.stored, wish.share) : []) seeded.open.push(reason)
    } else if (!wish.optional) seeded.open.push(`${table.schema}.${table.name}: no ${wish.title}, because ${row.open}`)
  }
  for (const deletion of deletions) await fixtures.change(deletion)
  return seeded
}

/** A deleted row is made and then marked, once all rows are there: no other takes its keys, or it could not come back. */
function beforeDeletion(table: TableSpec, given: Record<string, unknown>): { given: Record<string, unknown>; deletion: string | null } {
  const column = deletionColumn(table)
  const mark = column === null ? undefined : given[column]
  if (column === null || typeof mark !== 'string') return { given, deletion: null }
  return { given: Object.fromEntries(Object.entries(given).filter(([name]) => name !== column)), deletion: `${ident(column)} = ${literal(mark)}` }
}

/** The rows take the values of a list in turn, so that a policy which lets one value pass shows. */
function variedValues(table: TableSpec, index: number): Record<string, unknown> {
  const conditions = [table.access.where.own, table.access.where.any].join(' ')
  const writable = writableColumns(table, 'update')
  const varied = table.columns.filter(({ name, origin, generated, oneOf, type }) => origin === 'declared' && generated === null && (oneOf !== null || type === 'boolean') && !conditions.includes(name) && (writable.length !== 1 || writable[0] !== name))
  return Object.fromEntries(varied.map(({ name, oneOf }) => [name, oneOf ? oneOf[index % oneOf.length] : String(index % 2 === 1)]))
}

function wishes(table: TableSpec, { world, spec }: Pick<Population, 'world' | 'spec'>, parents: readonly ParentRow[]): Wish[] {
  const places = homes(table, world).flatMap((home) => placed(home, table, parents))
  const [plain, hidden, deleted] = [plainState(table), hiddenStates(table), deletedStates(table)]
  const toAddresses = addressed(table, world).map((place) => inState(place, plain))
  if (hasOneRowEach(table)) return [...inTurn(places, [plain, ...hidden, ...deleted], hidden[0] ?? plain), ...toAddresses]
  // Few owners stand for all where a row is hidden or deleted: the first and the strongest.
  const pair = places.length < 3 ? places.slice(0, 1) : [places[0], places.filter(({ strong }) => strong).at(-1) ?? places[1]].filter((place) => place !== undefined)
  return [
    ...places.map((place) => inState(place, plain)),
    ...toAddresses,
    ...ownerless(table, world).map((place) => inState(place, plain)),
    // What its condition hides from others, only the owner's own branch shows: to an anonymous sign-in that must not count.
    ...[...new Set([...pair, ...places.filter(({ anonymous }) => anonymous)])].flatMap((place) => hidden.map((state) => inState(place, state))),
    ...pair.flatMap((place) => deleted.map((state) => inState(place, state))),
    ...underParents(table, places, parents).map((place) => inState(place, plain)),
    ...underParents(table, places, writableParents(table, { world, spec }, parents)).slice(0, 1).flatMap((place) => deleted.map((state) => inState(place, state))),
    ...shareWishes(table, pair).flatMap(({ share, title, of }) => {
      const place = { id: `${share.id}:${of.id}`, title: `${of.title}, ${title}`, given: of.given }
      return [plain, ...(share.taken || share.only ? [] : [...deleted, ...hidden])].map((state): Wish => ({ ...inState(place, state), share }))
    }),
  ]
}

/** One row of each owner, the states in turn. */
function inTurn(places: readonly Home[], states: readonly RowState[], ofAnonymous: RowState): RowState[] {
  let turn = 0
  return places.map((place) => inState(place, place.anonymous ? ofAnonymous : (states[turn++ % states.length] ?? ofAnonymous)))
}

function inState({ id, title, given }: Pick<Home, 'id' | 'title' | 'given'>, state: RowState): RowState {
  return { ...state, id: `${state.id}${id}`, title: `${title}${state.title}`, given: { ...given, ...state.given } }
}

/** Below a parent of the same tenant, their own if there is one. Where the tenant comes from a parent, there is no other place. */
function placed(home: Home, table: TableSpec, parents: readonly ParentRow[]): Home[] {
  if (parents.length === 0) return [home]
  const fitting = parents.filter(({ deleted, tenant }) => !deleted && (tenant === null || home.tenant === null || tenant === home.tenant))
  const parent = fitting.find(({ owner }) => owner !== null && owner === home.owner) ?? fitting[0]
  if (!parent) return table.tenantVia === null ? [home] : []
  return [{ ...home, given: { ...parent.given, ...home.given } }]
}

/** One row below each parent, of somebody whose tenant it is; and of a few owners, below parents that are not theirs. */
function underParents(table: TableSpec, places: readonly Home[], parents: readonly ParentRow[]): Pick<Home, 'id' | 'title' | 'given'>[] {
  const column = table.ownerColumn
  return parents.flatMap((parent) => {
    const fitting = places.filter(({ tenant }) => parent.tenant === null || tenant === null || tenant === parent.tenant)
    const owners = column === null ? fitting.slice(0, 1) : [...new Set([fitting[0], fitting.find(({ strong }) => strong), fitting.find(({ anonymous }) => anonymous)])].filter((place) => place !== undefined)
    return owners.map(({ id, title, given }) => ({
      id: `under:${parent.id}:${id}`,
      title: column === null ? `row below ${parent.title}` : `${title} below ${parent.title}`,
      given: { ...given, ...parent.given, ...(table.tenantColumn !== null && parent.tenant !== null ? { [table.tenantColumn]: parent.tenant } : {}) },
    }))
  })
}

/** Below these somebody may update what is not deleted: a deleted row there tells whether that is asked. */
function writableParents(table: TableSpec, { world, spec }: Pick<Population, 'world' | 'spec'>, parents: readonly ParentRow[]): ParentRow[] {
  const live = { owner: null, organizationDeleted: false, deleted: false, where: { own: true, any: true }, parent: null, shares: [] }
  return parents.filter(({ deleted, tenant, gives }) => !deleted && world.identities.some((identity) => isClient(identity) && mayDo('update', identity.caller, { ...live, tenant, ...gives }, table, spec.tenancy)))
}

export interface Home {
  id: string
  title: string
  given: Record<string, unknown>
  tenant: string | null
  owner: string | null
  strong: boolean
  anonymous: boolean
}

/** For the address of an account: one that is confirmed, one that is not, one of an anonymous sign-in. */
function addressed({ addressee, ownerColumn, tenantColumn }: TableSpec, world: World): Pick<Home, 'id' | 'title' | 'given'>[] {
  const home = world.tenants[0]
  if (addressee === undefined || ownerColumn === null || !home) return []
  return (world.addresses ?? []).map(({ email, title }) => ({ id: `to:${email}`, title: `row for the address of ${title}`, given: { [addressee]: email, [ownerColumn]: null, ...(tenantColumn === null ? {} : { [tenantColumn]: home.key }) } }))
}

/** Where a table has owners, a row of each; otherwise rows of each tenant; otherwise two rows. */
export function homes(table: TableSpec, world: World): Home[] {
  const tenant = (key: string | null) => (table.tenantColumn === null || key === null ? {} : { [table.tenantColumn]: key })
  const owner = table.ownerColumn
  if (owner !== null) {
    return [...world.owners, ...(table.floor ? secondHomes(world) : [])].map(({ identity, tenant: home }, index) => ({
      id: `of:${identity.id}${index < world.owners.length ? '' : ':elsewhere'}`,
      title: `row of ${identity.title}${index < world.owners.length ? '' : ', there'}`,
      given: { ...tenant(home), [owner]: identity.caller.userId },
      tenant: home,
      owner: identity.caller.userId,
      strong: isOrdinaryMember(identity, world),
      anonymous: identity.caller.anonymous,
    }))
  }
  const places = scopeColumn(table) === null ? [{ id: '1', title: 'row', key: null }, { id: '2', title: 'second row', key: null }] : world.tenants.map(({ id, title, key }) => ({ id, title: `row of ${title}`, key }))
  return places.map(({ id, title, key }) => ({ id: `in:${id}`, title, given: tenant(key), tenant: key, owner: null, strong: false, anonymous: false }))
}

/** Above a floor, only a row that its owner may carry from one of their organisations to another tells whether the roles there are asked. */
function secondHomes({ identities, owners }: World): World['owners'] {
  return identities.filter(({ caller }) => caller.memberships.length > 1).flatMap((identity) =>
    identity.caller.memberships.slice(1).filter(({ organization }) => owners.some((owner) => owner.identity === identity && owner.tenant !== organization)).map(({ organization }) => ({ identity, tenant: organization })),
  )
}

/** Members in good standing: their hidden and deleted rows tell most. */
function isOrdinaryMember({ id, caller }: Identity, world: World): boolean {
  const first = world.tenants[0]?.key
  return id.startsWith('member:') || id === 'peer' || id === 'peer_a' || (!caller.anonymous && caller.memberships.length === 1 && caller.memberships[0]?.organization === first && caller.memberships[0]?.active === true)
}

function ownerless(table: TableSpec, world: World): Pick<Home, 'id' | 'title' | 'given'>[] {
  const column = table.columns.find(({ name }) => name === table.ownerColumn)
  if (!column?.nullable) return []
  const home = world.tenants[0]
  const given = { [column.name]: null, ...(table.tenantColumn !== null && home ? { [table.tenantColumn]: home.key } : {}) }
  return [{ id: 'of:nobody', title: 'row without an owner', given }]
}
