/** Parents of rows: a set of their own for each user, with the user in every table that links users to them. */
import type { Row } from '../fixtures/fixtures.ts'
import { isOpen } from '../fixtures/fixtures.ts'
import type { TableShape } from '../fixtures/shapes.ts'
import type { Hints } from './hints.ts'
import { type Making, isSame, isUsers, makeRow, userColumns } from './making.ts'
import type { Member, People } from './people.ts'

export interface Family {
  making: Making
  hints: Hints
  /** Tables that link users to something. */
  links: readonly TableShape[]
  people: Pick<People, 'members' | 'owner'>
  /** Tables that policies read, by `schema.name`. */
  reached: ReadonlySet<string>
}

const deepest = 3

/** Values for the foreign keys of a new row. Parents without a say are left to the fixtures. */
export async function parentsOf(family: Family, shape: TableShape, user: string | null, more: { at?: string; must?: { sql: string; holds: 'true' | 'not true' }[] } = {}, path: readonly string[] = []): Promise<Row> {
  const given: Row = {}
  for (const key of singleKeys(shape)) {
    const [column = '', referenced = ''] = [key.columns[0], key.referenced[0]]
    const parent = family.making.fixtures.shape(key.references)
    const name = `${parent.schema}.${parent.name}`
    if (path.includes(name) || !(more.at === name || isRelevant(family, parent))) continue
    const values = { ...Object.fromEntries(userColumns(parent, family.hints.callers).map((one) => [one.name, user])), ...(path.length < deepest ? await parentsOf(family, parent, user, {}, [...path, `${shape.schema}.${shape.name}`]) : {}) }
    const row = await makeRow(family.making, key.references, { given: values, ...(more.at === name ? { must: more.must ?? [] } : {}) }, user)
    if (isOpen(row)) continue
    given[column] = row.stored[referenced] ?? null
    if (user !== null) await join(family, parent, row.stored, user, shape)
  }
  return given
}

/** The user becomes a member wherever a table links users to the row; so do the members, where it is the owner's. `child`: a row of it is made next. */
export async function join({ making, links, hints, people }: Family, to: TableShape, row: Row, user: string, child?: TableShape): Promise<void> {
  for (const link of links) {
    const key = singleKeys(link).find(({ references }) => isSame(references, to))
    if (!key || isSame(link, to) || (child && isSame(link, child))) continue
    const joined = (who: string | null) => ({ ...Object.fromEntries(userColumns(link, hints.callers).map(({ name }) => [name, who])), [key.columns[0] ?? '']: row[key.referenced[0] ?? ''] ?? null })
    await makeRow(making, link, { given: joined(user) }, user)
    if (user !== people.owner.caller.userId) continue
    for (const member of people.members.filter((one) => isSame(one.link, link))) await makeRow(making, link, { given: joined(member.identity.caller.userId), must: [mustOf(member)] }, member.identity.caller.userId)
  }
}

export function mustOf({ condition, holds }: Pick<Member, 'condition' | 'holds'>): { sql: string; holds: 'true' | 'not true' } {
  return { sql: condition.sql, holds: holds ? 'true' : 'not true' }
}

/** Who it belongs to, or what is linked to it, matters to an answer. */
export function isRelevant(family: Family, shape: TableShape, path: readonly string[] = []): boolean {
  const name = `${shape.schema}.${shape.name}`
  if (userColumns(shape, family.hints.callers).length > 0 || family.reached.has(name) || family.links.some((link) => singleKeys(link).some(({ references }) => isSame(references, shape)))) return true
  if (path.length >= deepest) return false
  return singleKeys(shape).some(({ references }) => !path.includes(`${references.schema}.${references.name}`) && isRelevant(family, family.making.fixtures.shape(references), [...path, name]))
}

export function singleKeys(shape: TableShape): TableShape['foreignKeys'] {
  return shape.foreignKeys.filter(({ columns, references }) => columns.length === 1 && !isUsers(references) && !isSame(references, shape))
}
