/** Who may do what with the rows of a table, as the database answers. Nothing is expected. */
import { type Verb, verbs } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { ident, identList, qualified } from '../../sql/identifier.ts'
import { type Identity, witness } from '../access/identity.ts'
import { type Outcome, run } from '../access/runner.ts'
import type { Row } from '../fixtures/fixtures.ts'
import { type TableShape, valueSql } from '../fixtures/shapes.ts'
import { type Inhabited, type ObservedRow, keyColumns } from './inhabit.ts'

export interface ObservedCell {
  identity: string
  verb: Verb
  row: string
  /** `nothing`: no error, and no row · `refused`: a missing right or row level security · `error`: anything else. */
  outcome: 'done' | 'nothing' | 'refused' | 'error'
  code: string | null
  message: string | null
  /** Rows that were reached. */
  count: number
  as: { id: string; role: string; claims: string | null }
  sql: string
  /** The request, ready for psql. */
  request: string
}

export interface Question {
  identity: Identity
  verb: Verb
  row: string
  sql: string
  /** The answer is one row with a count. */
  counts: boolean
}

/** What a role may name, by `<role> <verb>`. */
export type NamedColumns = ReadonlyMap<string, string[]>

/** `apart`: columns that are asked after one by one. */
export async function observeTable(session: Session, shape: TableShape, world: Inhabited, columns: NamedColumns, apart: NamedColumns = new Map()): Promise<ObservedCell[]> {
  const name = qualified(shape)
  const questions = world.identities.flatMap((identity) =>
    verbs.flatMap((verb): Question[] => {
      const role = identity.caller.role
      const writable = columns.get(`${role} ${verb}`) ?? []
      const single = apart.get(`${role} ${verb}`) ?? []
      const ask = (row: string, sql: string): Question => ({ identity, verb, row, sql, counts: verb === 'select' })
      if (verb === 'insert') return world.drafts.flatMap(({ title, columns: values }) => [ask(`new, ${title}`, insertOf(shape, values, writable)), ...singly(title, single).map((column) => ask(`new, ${title}, with ${column}`, insertOf(shape, { ...values, [column]: values[column] ?? world.rows[0]?.values[column] ?? null }, [...writable, column], column)))])
      const rows = world.rows.flatMap((row) => {
        const where = whereOf(shape, row)
        const column = ident(writable.find((candidate) => !shape.primaryKey.includes(candidate)) ?? writable[0] ?? shape.columns.find(({ generated }) => !generated)?.name ?? '')
        if (verb === 'select') return [ask(row.title, `select count(*) as count from ${name} where ${where}`), ...singly(row.title, single).map((one) => ask(`column ${one} of ${row.title}`, `select count(*) as count from (select ${ident(one)} from ${name} where ${where}) as found`))]
        if (verb === 'delete') return [ask(row.title, `delete from ${name} where ${where}`)]
        return [ask(row.title, `update ${name} set ${column} = ${column} where ${where}`), ...singly(row.title, single).map((one) => ask(`column ${one} of ${row.title}`, `update ${name} set ${ident(one)} = ${ident(one)} where ${where}`))]
      })
      const moves = verb === 'update' ? world.moves.filter(({ column }) => writable.includes(column)) : []
      return [...rows, ...moves.map(({ row, title, column, value }) => ask(`${row.title}, ${title}`, `update ${name} set ${ident(column)} = ${valueOf(shape, column, value)} where ${whereOf(shape, row)}`))]
    }),
  )
  return await answersTo(session, questions)
}

/** Of a row, not of its variants: a right on a column does not depend on what is in it. */
function singly(title: string, columns: readonly string[]): readonly string[] {
  return title.includes(', where ') ? [] : columns
}

/** Sent in one round trip; nothing of it stays. */
export async function answersTo(session: Session, questions: readonly Question[]): Promise<ObservedCell[]> {
  const outcomes = await run(session, questions.map(({ identity, sql, counts }) => ({ identity, sql, keys: counts ? ['count'] : null, readsState: 'never' })), 'select')
  return questions.map(({ identity, verb, row, sql, counts }, index) => ({
    identity: identity.title, verb, row, ...resultOf(outcomes[index] as Outcome, counts),
    as: { id: identity.id, role: identity.caller.role, claims: identity.claims }, sql, request: witness(identity, sql),
  }))
}

function resultOf({ code, message, count, keys }: Outcome, counts: boolean): Pick<ObservedCell, 'outcome' | 'code' | 'message' | 'count'> {
  if (code !== null) return { outcome: code === '42501' ? 'refused' : 'error', code, message, count: 0 }
  const reached = counts ? Number(keys[0] ?? 0) : count
  return { outcome: reached > 0 ? 'done' : 'nothing', code: null, message: null, count: reached }
}

function whereOf(shape: TableShape, { values }: ObservedRow): string {
  return keyColumns(shape).map((key) => `${ident(key)} ${values[key] === null || values[key] === undefined ? 'is null' : `= ${valueOf(shape, key, values[key])}`}`).join(' and ')
}

/** Names what the role may name; all of it where it may name nothing, so that the refusal is seen. */
function insertOf(shape: TableShape, values: Row, writable: readonly string[], wanted?: string): string {
  const present = Object.keys(values).filter((column) => values[column] !== null || column === wanted)
  const named = writable.length > 0 ? present.filter((column) => writable.includes(column)) : present
  const overriding = shape.columns.some(({ name, identity }) => identity && named.includes(name)) ? ' overriding system value' : ''
  return named.length === 0 ? `insert into ${qualified(shape)} default values` : `insert into ${qualified(shape)} (${identList(named)})${overriding} values (${named.map((column) => valueOf(shape, column, values[column] ?? null)).join(', ')})`
}

function valueOf(shape: TableShape, column: string, value: string | null): string {
  return valueSql(value, shape.columns.find(({ name }) => name === column)?.type ?? 'text')
}
