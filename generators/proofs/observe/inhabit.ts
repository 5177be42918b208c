/** Users, and rows of theirs in any table of the repository, without a spec: on either side of every condition that the table's guards look at. */
import type { Session } from '../../postgres/session.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import type { Identity } from '../access/identity.ts'
import { type Fixtures, type Row, isOpen } from '../fixtures/fixtures.ts'
import type { TableShape } from '../fixtures/shapes.ts'
import { type Making, isSame, makeDraft, makeRow, userColumns } from './making.ts'
import { type People, makePeople } from './people.ts'
import { type Family, isRelevant, join, mustOf, parentsOf, singleKeys } from './parents.ts'
import type { Surroundings } from './surroundings.ts'
import { type Variant, variantsOf } from './variants.ts'

export interface ObservedRow {
  title: string
  values: Row
}

export interface Inhabited {
  identities: Identity[]
  rows: ObservedRow[]
  /** What each caller would insert, by the title of whom it is for. */
  drafts: { title: string; columns: Row }[]
  /** Values that a row may be given: another owner, the other side of a condition. */
  moves: { row: ObservedRow; title: string; column: string; value: string | null }[]
  /** What could not be made. */
  open: string[]
  /** How rows could only be made. */
  notes: string[]
  /** Statements of `postgres` that make all of it. */
  setup: string[]
}

export async function inhabit(session: Session, fixtures: Fixtures, table: QualifiedName, { reached, hints }: Surroundings): Promise<Inhabited> {
  const making: Making = { session, fixtures, setup: [], notes: new Set() }
  const shape = fixtures.shape(table)
  const links = reached.filter((name) => fixtures.has(name) && !isSame(name, table)).map((name) => fixtures.shape(name)).filter((link) => userColumns(link, hints.callers).length > 0)
  const people = await makePeople(making, links, hints)
  const family: Family = { making, hints, links, people, reached: new Set(reached.map(({ schema, name }) => `${schema}.${name}`)) }
  await makeProfiles(family, people)
  const found: Inhabited = { identities: people.all, rows: [], drafts: [], moves: [], open: [], notes: [], setup: making.setup }
  await makeRows(family, shape, found)
  await makeDrafts(family, shape, found)
  found.moves = movesOf(found.rows, shape, family)
  found.notes = [...making.notes]
  return found
}

/** Rows of the people in tables that link them to nothing else: a profile, a list of administrators. */
async function makeProfiles({ making, links, hints }: Family, { members, owner, peer }: People): Promise<void> {
  for (const link of links.filter((one) => singleKeys(one).length === 0)) {
    const given = (user: string | null) => Object.fromEntries(userColumns(link, hints.callers).map(({ name }) => [name, user]))
    const mine = members.filter((member) => isSame(member.link, link))
    // Where rows differ by what they say, the two plain users have none: whoever has one is told apart by it.
    for (const { identity } of mine.length > 0 ? [] : [{ identity: owner }, { identity: peer }]) await makeRow(making, link, { given: given(identity.caller.userId) }, identity.caller.userId)
    for (const member of mine) await makeRow(making, link, { given: given(member.identity.caller.userId), must: [mustOf(member)] }, member.identity.caller.userId)
  }
}

async function makeRows(family: Family, shape: TableShape, found: Inhabited): Promise<void> {
  const columns = userColumns(shape, family.hints.callers)
  const isOwned = isRelevant(family, shape)
  for (const [index, identity] of ownersOf(family, shape, found).entries()) {
    const user = identity?.caller.userId ?? null
    const who = identity === null ? 'row of nobody' : isOwned ? `row of ${identity.title}` : `row ${index + 1}`
    const given = async (variant: Variant | null) => ({ ...Object.fromEntries(columns.map(({ name }) => [name, user])), ...(await parentsOf(family, shape, user, variant?.parent ?? {})) })
    const usual = await given(null)
    for (const variant of [null, ...(index === 0 ? variantsOf(family, shape, Object.keys(usual)) : [])]) {
      const title = variant === null ? who : `${who}, where ${variant.says}`
      const wanted = async (isFresh: boolean) => ({ given: isFresh || variant?.parent ? await given(variant) : usual, must: variant?.must ?? [] })
      const first = await makeRow(family.making, shape, await wanted(false), user)
      // A key made of parents may be there only once.
      const row = isOpen(first) && variant !== null ? await makeRow(family.making, shape, await wanted(true), user) : first
      if (isOpen(row)) {
        if (variant === null) found.open.push(`no ${title}: ${row.open}`)
        continue
      }
      if (user !== null) await join(family, shape, row.stored, user)
      found.rows.push({ title, values: row.stored })
    }
  }
}

/** With parents of its own: what is there already may be there only once. */
async function makeDrafts(family: Family, shape: TableShape, found: Inhabited): Promise<void> {
  const columns = userColumns(shape, family.hints.callers)
  for (const [index, identity] of ownersOf(family, shape, found).entries()) {
    const user = identity?.caller.userId ?? null
    const given = { ...Object.fromEntries(columns.map(({ name }) => [name, user])), ...(await parentsOf(family, shape, user)) }
    for (const variant of [null, ...(index === 0 ? variantsOf(family, shape, Object.keys(given)).filter(({ parent }) => !parent) : [])]) {
      const draft = await makeDraft(family.making, shape, { given, must: variant?.must ?? [] }, user)
      const who = identity === null ? 'of nobody' : `for ${identity.title}`
      if (!isOpen(draft)) found.drafts.push({ title: variant === null ? who : `${who}, where ${variant.says}`, columns: draft.columns })
      else if (variant === null) insteadOfDraft(family, shape, found, { who, user, reason: draft.open })
    }
  }
}

/** A row that a trigger makes for everybody: asked for once more, so that its key refuses it when nothing else does. */
function insteadOfDraft({ making: { notes }, hints }: Family, shape: TableShape, found: Inhabited, { who, user, reason }: { who: string; user: string | null; reason: string }): void {
  const columns = userColumns(shape, hints.callers)
  const there = found.rows.find(({ values }) => user !== null && columns.length > 0 && columns.every(({ name }) => values[name] === user))
  if (!there) return void found.open.push(`no new row ${who}: ${reason}`)
  notes.add(`a new row of ${shape.schema}.${shape.name} ${who} is one that is there already, because no other could be made: ${reason}`)
  const written = shape.columns.filter(({ generated }) => !generated).map(({ name }) => name)
  found.drafts.push({ title: who, columns: Object.fromEntries(written.map((name) => [name, there.values[name] ?? null])) })
}

function ownersOf({ hints }: Family, shape: TableShape, { identities }: Inhabited): (Identity | null)[] {
  const columns = userColumns(shape, hints.callers)
  const people = identities.filter(({ id }) => id === 'owner' || id === 'peer')
  return [...people, ...(columns.length > 0 && columns.every(({ nullable }) => nullable) ? [null] : [])]
}

function movesOf(rows: readonly ObservedRow[], shape: TableShape, { hints }: Family): Inhabited['moves'] {
  const [first] = rows
  if (!first) return []
  const other = rows.find(({ title }) => title === 'row of another user')
  const owners = other === undefined ? [] : userColumns(shape, hints.callers).filter(({ name }) => !shape.primaryKey.includes(name)).map(({ name }) => ({ row: first, title: `${name} to another user`, column: name, value: other.values[name] ?? null }))
  const conditioned = shape.columns.filter(({ name, generated }) => !generated && !shape.primaryKey.includes(name) && hints.conditions.some(({ column }) => column === name))
  return [...owners, ...conditioned.flatMap(({ name }) => [...new Set(rows.map(({ values }) => values[name] ?? null))].filter((value) => value !== (first.values[name] ?? null)).slice(0, 3).map((value) => ({ row: first, title: `${name} to ${value ?? 'null'}`, column: name, value })))]
}

export function keyColumns({ primaryKey, columns }: TableShape): readonly string[] {
  return primaryKey.length > 0 ? primaryKey : columns.map(({ name }) => name)
}
