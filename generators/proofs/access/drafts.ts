/** New rows that somebody might insert: as themselves, for somebody else, into another tenant. */
import type { TableSpec } from '../../design/spec.ts'
import { type Fixtures, type Wanted, isOpen } from '../fixtures/fixtures.ts'
import { factsOf } from './facts.ts'
import type { Identity } from './identity.ts'
import type { NewRow } from './subject.ts'
import type { World } from './world.ts'

export interface Drafts {
  byIdentity: Map<Identity, NewRow[]>
  open: string[]
}

export async function draftRows(fixtures: Fixtures, table: TableSpec, world: World): Promise<Drafts> {
  const drafts: Drafts = { byIdentity: new Map(), open: [] }
  const made = new Map<string, { columns: NewRow['columns']; stored: NewRow['stored'] } | null>()
  const make = async (given: Record<string, string | null>, title: string) => {
    const cacheKey = JSON.stringify(given)
    const known = made.get(cacheKey)
    if (known !== undefined) return known
    const draft = await fixtures.draft(table, { given, must: shown(table) })
    // A second membership of the same user, or another row that can be there only once.
    if (isOpen(draft) && !draft.open.includes('(23505)')) drafts.open.push(`${table.schema}.${table.name}: no ${title}, because ${draft.open}`)
    made.set(cacheKey, isOpen(draft) ? null : draft)
    return made.get(cacheKey) ?? null
  }
  for (const identity of world.identities) {
    const rows: NewRow[] = []
    for (const { id, title, given } of targets(table, world, identity)) {
      const draft = await make(given, title)
      if (draft) rows.push({ id, title, columns: draft.columns, stored: draft.stored, facts: factsOf(table, draft.stored, world, { own: true, any: true }) })
    }
    drafts.byIdentity.set(identity, rows)
  }
  return drafts
}

interface Target {
  id: string
  title: string
  given: Record<string, string | null>
}

function targets(table: TableSpec, world: World, identity: Identity): Target[] {
  const tenant = table.kind === 'organizations' ? null : table.tenantColumn
  const tenants = tenant === null ? [{ id: '', title: '', given: {} }] : world.tenants.map(({ id, title, key }) => ({ id: `:${id}`, title: ` in ${title}`, given: { [tenant]: key } }))
  return tenants.flatMap((place, index) =>
    owners(table, world, identity)
      // Elsewhere one's own row is enough: whose row it is was asked at home.
      .filter(({ id }) => index === 0 || id === 'new:own' || id === 'new')
      .map(({ id, title, given }) => ({ id: `${id}${place.id}`, title: `${title}${place.title}`, given: { ...place.given, ...given } })),
  )
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
