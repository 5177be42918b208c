/** New rows that somebody might insert: as themselves, for somebody else, into another tenant. */
import { mayDo } from '../../design/access.ts'
import { type TableSpec, type Tenancy, verbs } from '../../design/spec.ts'
import { type Fixtures, type Wanted, isOpen } from '../fixtures/fixtures.ts'
import type { Identity } from './identity.ts'
import type { ParentRow } from './parent-row.ts'
import type { Population } from './parents.ts'
import { oneOfEach } from './probe.ts'
import type { NewRow } from './subject.ts'
import type { World } from './world.ts'

export interface Drafts {
  byIdentity: Map<Identity, NewRow[]>
  open: string[]
}

type Draft = Pick<NewRow, 'columns' | 'stored'>

export async function draftRows({ fixtures, world, facts, spec }: Population, table: TableSpec, parents: readonly ParentRow[]): Promise<Drafts> {
  const drafts: Drafts = { byIdentity: new Map(), open: [] }
  const made = new Map<string, Draft | null>()
  const make = async (given: Target['given'], title: string): Promise<Draft | null> => {
    const cacheKey = JSON.stringify(given)
    const known = made.get(cacheKey)
    if (known !== undefined) return known
    const draft = await fixtures.draft(table, { given, must: shown(table) })
    // A second membership of the same user, or another row that can be there only once.
    if (isOpen(draft) && !draft.open.includes('(23505)')) drafts.open.push(`${table.schema}.${table.name}: no ${title}, because ${draft.open}`)
    const result = isOpen(draft) ? null : draft
    made.set(cacheKey, result)
    return result
  }
  const free = freeOwner(fixtures, table)
  for (const identity of world.identities) {
    const rows: NewRow[] = []
    for (const { id, title, given } of targets(table, world, identity, parents, spec.tenancy)) {
      const { [free ?? '']: owner, ...rest } = given
      const draft = free === null || owner === undefined ? await make(given, title) : withOwner(await make({ ...rest, [free]: anyOwner(world) }, title), free, owner)
      if (draft) rows.push({ id, title, ...draft, facts: await facts.of(table, draft.stored, { own: true, any: true }) })
    }
    drafts.byIdentity.set(identity, rows)
  }
  return drafts
}

/** The owner column, when nothing else of the row depends on whose it is: then one draft serves everybody. */
function freeOwner(fixtures: Fixtures, table: TableSpec): string | null {
  const owner = table.ownerColumn
  if (owner === null) return null
  const { uniques, foreignKeys, checks } = fixtures.shape(table)
  const conditions = [...checks, table.access.where.own, table.access.where.any].join(' ')
  const bound = uniques.some((key) => key.includes(owner)) || foreignKeys.some(({ columns }) => columns.length > 1 && columns.includes(owner)) || conditions.includes(owner)
  return bound ? null : owner
}

function withOwner(draft: Draft | null, column: string, owner: string | null): Draft | null {
  return draft && { columns: { ...draft.columns, [column]: owner }, stored: { ...draft.stored, [column]: owner } }
}

function anyOwner(world: World): string | null {
  return world.owners[0]?.identity.caller.userId ?? null
}

interface Target {
  id: string
  title: string
  given: Record<string, string | null>
}

function targets(table: TableSpec, world: World, identity: Identity, parents: readonly ParentRow[], tenancy: Tenancy): Target[] {
  const places = parents.length > 0 ? below(table, identity, parents, tenancy) : ofTenants(table, world)
  return places.flatMap((place, index) =>
    owners(table, world, identity)
      // Elsewhere one's own row is enough: whose row it is was asked at home.
      .filter(({ id }) => index === 0 || id === 'new:own' || id === 'new' || parents.length > 0)
      .map(({ id, title, given }) => ({ id: `${id}${place.id}`, title: `${title}${place.title}`, given: { ...place.given, ...given } })),
  )
}

function ofTenants(table: TableSpec, world: World): Target[] {
  const tenant = table.kind === 'organizations' ? null : table.tenantColumn
  return tenant === null ? [{ id: '', title: '', given: {} }] : world.tenants.map(({ id, title, key }) => ({ id: `:${id}`, title: ` in ${title}`, given: { [tenant]: key } }))
}

/** One of each kind that there is for the caller: which verbs of the parent they have or had before it was deleted, in which tenant, whether it is hidden or deleted. */
function below(table: TableSpec, { caller }: Identity, parents: readonly ParentRow[], tenancy: Tenancy): Target[] {
  // A row that is shared already may be there only once.
  const ordered = [...parents.filter(({ unshared }) => unshared), ...parents.filter(({ unshared }) => !unshared)]
  return oneOfEach(ordered, ({ gives: { parent = null }, tenant, deleted }) => {
    const may = parent === null ? [] : 'seenBy' in parent ? [parent.seenBy.has(caller)] : [parent.facts.owner === caller.userId, ...verbs.map((verb) => mayDo(verb, caller, { ...parent.facts, deleted: false }, parent.table, tenancy))]
    return JSON.stringify([may, tenant, deleted])
  }).map(({ id, title, given, tenant }) => ({ id: `:${id}`, title: ` below ${title}`, given: { ...given, ...(table.tenantColumn !== null && tenant !== null ? { [table.tenantColumn]: tenant } : {}) } }))
}

function owners(table: TableSpec, world: World, identity: Identity): Target[] {
  const column = table.columns.find(({ name }) => name === table.ownerColumn)
  if (!column) return [{ id: 'new', title: 'new row', given: {} }]
  const own = identity.caller.userId
  const somebody = world.owners.find((candidate) => candidate.identity.caller.userId !== own)?.identity.caller.userId ?? null
  return [
    ...(own === null ? [] : [{ id: 'new:own', title: 'new row of their own', given: { [column.name]: own } }]),
    { id: 'new:others', title: 'new row for somebody else', given: { [column.name]: somebody } },
    ...(column.nullable ? [{ id: 'new:nobody', title: 'new row without an owner', given: { [column.name]: null } }] : []),
  ]
}

function shown({ access: { where } }: TableSpec): NonNullable<Wanted['must']> {
  return [...new Set([where.own, where.any])].filter((sql) => sql !== null).map((sql) => ({ sql, holds: 'true' as const }))
}
