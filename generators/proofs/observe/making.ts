/** Makes rows for an observation, and keeps the statements that made them: a request is reproduced with its rows. */
import type { Session } from '../../postgres/session.ts'
import { type QualifiedName, qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import { type Fixtures, type Open, type Row, type Wanted, isOpen } from '../fixtures/fixtures.ts'
import type { TableShape } from '../fixtures/shapes.ts'

export interface Making {
  session: Session
  fixtures: Fixtures
  /** Statements of `postgres`, in order. */
  setup: string[]
  /** How rows could only be made. */
  notes: Set<string>
}

/** As the owner of the table; where its triggers ask who is there, with the user's token; where they refuse every row, past them. */
export async function makeRow(making: Making, table: QualifiedName, wanted: Wanted, user: string | null): Promise<{ stored: Row } | Open> {
  return await inEveryWay(making, table, user, () => making.fixtures.row(table, wanted))
}

/** What a valid INSERT would name, found in the same ways. */
export async function makeDraft(making: Making, table: QualifiedName, wanted: Wanted, user: string | null): Promise<{ columns: Row } | Open> {
  return await inEveryWay(making, table, user, () => making.fixtures.draft(table, wanted))
}

async function inEveryWay<Made extends object>({ session, fixtures, setup, notes }: Making, table: QualifiedName, user: string | null, make: () => Promise<Made | Open>): Promise<Made | Open> {
  const plain = await make()
  setup.push(...fixtures.takeStatements())
  // A key that is taken is taken for everybody.
  if (!isOpen(plain) || plain.open.endsWith('(23505)')) return plain
  if (user !== null) {
    const claims = JSON.stringify({ sub: user, role: 'authenticated' })
    await session.query("select set_config('request.jwt.claims', $1, true)", [claims])
    const made = await make()
    await session.query("select set_config('request.jwt.claims', '', true)")
    setup.push(`set local "request.jwt.claims" = ${literal(claims)}`, ...fixtures.takeStatements(), `set local "request.jwt.claims" = ''`)
    if (!isOpen(made)) return made
  }
  await session.query('set local session_replication_role = replica')
  const past = await make()
  await session.query('set local session_replication_role = origin')
  setup.push('set local session_replication_role = replica', ...fixtures.takeStatements(), 'set local session_replication_role = origin')
  if (!isOpen(past)) notes.add(`rows of ${qualified(table)} were made past its triggers: ${plain.open}`)
  return isOpen(past) ? plain : past
}

export function userColumns(shape: TableShape, callers: readonly { table: string | null; column: string }[]): TableShape['columns'] {
  const single = shape.foreignKeys.filter(({ columns }) => columns.length === 1)
  const names = single.filter(({ references }) => isUsers(references)).map(({ columns }) => columns[0])
  const compared = callers.filter(({ table, column }) => (table === null ? shape.primaryKey.length !== 1 || shape.primaryKey[0] !== column : table === `${shape.schema}.${shape.name}`)).map(({ column }) => column)
  const linked = new Set(single.map(({ columns }) => columns[0]))
  return shape.columns.filter(({ name, shape: type }) => names.includes(name) || (compared.includes(name) && !linked.has(name) && /^(uuid|text|character varying)$/.test(type.name)))
}

export function isUsers({ schema, name }: QualifiedName): boolean {
  return schema === 'auth' && name === 'users'
}

export function isSame(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name
}
