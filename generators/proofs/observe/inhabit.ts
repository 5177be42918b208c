/** Two users and rows of theirs in any table of the repository, without a spec: whoever a foreign key to `auth.users` names owns the row. */
import type { QualifiedName } from '../../sql/identifier.ts'
import { type Identity, impersonal, service, signedIn } from '../access/identity.ts'
import { users } from '../access/world.ts'
import { type Fixtures, type Row, isOpen } from '../fixtures/fixtures.ts'
import { seededUuid } from '../fixtures/seeded.ts'
import type { TableShape } from '../fixtures/shapes.ts'

export interface ObservedRow {
  title: string
  /** Values of the key, joined by `|`. */
  key: string
  values: Row
}

export interface Inhabited {
  identities: Identity[]
  rows: ObservedRow[]
  /** What each caller would insert, by the title of whom it is for. */
  drafts: { title: string; columns: Row }[]
  /** What could not be made. */
  open: string[]
}

/** `tables`: all of the repository, for those that link a user to a parent, as members to a conversation. */
export async function inhabit(fixtures: Fixtures, table: QualifiedName, tables: readonly QualifiedName[]): Promise<Inhabited> {
  const shape = fixtures.shape(table)
  const links = tables.map((name) => fixtures.shape(name)).filter((candidate) => userColumns(candidate).length > 0 && !isSame(candidate, table))
  const people = [await person(fixtures, 'owner', 'a user'), await person(fixtures, 'peer', 'another user')]
  const found: Inhabited = { identities: [impersonal[0] as Identity, ...people, service], rows: [], drafts: [], open: [] }
  const owners = [...people, ...(userColumns(shape).length > 0 && userColumns(shape).every(({ nullable }) => nullable) ? [null] : [])]
  const wish = async (identity: Identity | null) => {
    const user = identity?.caller.userId ?? null
    return { user, given: { ...Object.fromEntries(userColumns(shape).map(({ name }) => [name, user])), ...(await parentsOf(fixtures, shape, links, user)) } }
  }
  const isOwned = userColumns(shape).length > 0 || links.length > 0
  for (const [index, identity] of owners.entries()) {
    const title = identity === null ? 'row of nobody' : isOwned ? `row of ${identity.title}` : `row ${index + 1}`
    const { user, given } = await wish(identity)
    const row = await fixtures.row(table, { given })
    if (isOpen(row)) {
      found.open.push(`no ${title}: ${row.open}`)
      continue
    }
    if (user !== null) await join(fixtures, links, shape, row.stored, user)
    found.rows.push({ title, key: keyOf(shape, row.stored), values: row.stored })
  }
  for (const identity of owners) {
    // With parents of its own: what is there already may be there only once.
    const draft = await fixtures.draft(table, { given: (await wish(identity)).given })
    if (!isOpen(draft)) found.drafts.push({ title: identity === null ? 'of nobody' : `for ${identity.title}`, columns: draft.columns })
  }
  return found
}

async function person(fixtures: Fixtures, id: string, title: string): Promise<Identity> {
  const userId = seededUuid(`person ${id}`)
  await fixtures.row(users, { given: { id: userId } })
  return signedIn({ id, title, userId })
}

/** A parent of their own for each user, where users are linked to parents: otherwise everybody would share one. */
async function parentsOf(fixtures: Fixtures, shape: TableShape, links: readonly TableShape[], user: string | null): Promise<Row> {
  const given: Row = {}
  for (const key of shape.foreignKeys) {
    const [column = '', referenced = ''] = [key.columns[0], key.referenced[0]]
    if (key.columns.length !== 1 || isSame(key.references, users) || isSame(key.references, shape)) continue
    const parent = fixtures.shape(key.references)
    const row = await fixtures.row(key.references, { given: Object.fromEntries(userColumns(parent).map(({ name }) => [name, user])) })
    if (isOpen(row)) continue
    given[column] = row.stored[referenced] ?? null
    if (user !== null) await join(fixtures, links, parent, row.stored, user)
  }
  return given
}

/** The user becomes a member wherever a table links users to the row. */
async function join(fixtures: Fixtures, links: readonly TableShape[], to: TableShape, row: Row, user: string): Promise<void> {
  for (const link of links) {
    const key = link.foreignKeys.find(({ references, columns }) => isSame(references, to) && columns.length === 1)
    if (!key) continue
    await fixtures.row(link, { given: { ...Object.fromEntries(userColumns(link).map(({ name }) => [name, user])), [key.columns[0] ?? '']: row[key.referenced[0] ?? ''] ?? null } })
  }
}

function userColumns(shape: TableShape): TableShape['columns'] {
  const names = shape.foreignKeys.filter(({ references, columns }) => isSame(references, users) && columns.length === 1).map(({ columns }) => columns[0])
  return shape.columns.filter(({ name }) => names.includes(name))
}

/** Without a primary key, all values. */
export function keyOf(shape: TableShape, values: Row): string {
  return keyColumns(shape).map((name) => values[name] ?? '').join('|')
}

export function keyColumns({ primaryKey, columns }: TableShape): readonly string[] {
  return primaryKey.length > 0 ? primaryKey : columns.map(({ name }) => name)
}

function isSame(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name
}
