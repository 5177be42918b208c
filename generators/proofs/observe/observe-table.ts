/** Who may do what with the rows of a table, as the database answers. Nothing is expected. */
import { type Verb, verbs } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { ident, identList, qualified } from '../../sql/identifier.ts'
import { witness } from '../access/identity.ts'
import { type Outcome, type Request, run } from '../access/runner.ts'
import type { Row } from '../fixtures/fixtures.ts'
import { type TableShape, valueSql } from '../fixtures/shapes.ts'
import { type Inhabited, keyColumns } from './inhabit.ts'

export interface ObservedCell {
  identity: string
  verb: Verb
  row: string
  /** `nothing`: no error, and no row · `refused`: a missing right or row level security · `error`: anything else. */
  outcome: 'done' | 'nothing' | 'refused' | 'error'
  code: string | null
  message: string | null
  /** The request, ready for psql. */
  request: string
}

/** `columns`: what each role may write, by `<role> <verb>`. */
export async function observeTable(session: Session, shape: TableShape, { identities, rows, drafts }: Inhabited, columns: ReadonlyMap<string, string[]>): Promise<ObservedCell[]> {
  const name = qualified(shape)
  const asked = identities.flatMap((identity) =>
    verbs.flatMap((verb) => {
      const send = (row: string, sql: string, keys: readonly string[] | null = null) => ({ verb, row, request: { identity, sql, keys, readsState: 'never' } satisfies Request })
      const writable = columns.get(`${identity.caller.role} ${verb}`) ?? []
      if (verb === 'insert') return drafts.map(({ title, columns: values }) => send(`new, ${title}`, insertOf(shape, values, writable)))
      return rows.map(({ title, values }) => {
        const where = keyColumns(shape).map((key) => `${ident(key)} ${values[key] === null || values[key] === undefined ? 'is null' : `= ${valueOf(shape, key, values[key])}`}`).join(' and ')
        const column = ident(writable.find((candidate) => !shape.primaryKey.includes(candidate)) ?? writable[0] ?? shape.columns.find(({ generated }) => !generated)?.name ?? '')
        if (verb === 'select') return send(title, `select count(*) as count from ${name} where ${where}`, ['count'])
        return send(title, verb === 'update' ? `update ${name} set ${column} = ${column} where ${where}` : `delete from ${name} where ${where}`)
      })
    }),
  )
  const outcomes = await run(session, asked.map(({ request }) => request), 'select')
  return asked.map(({ verb, row, request }, index) => {
    const outcome = outcomes[index] as Outcome
    return { identity: request.identity.title, verb, row, ...resultOf(verb, outcome), request: witness(request.identity, request.sql) }
  })
}

function resultOf(verb: Verb, { code, message, count, keys }: Outcome): Pick<ObservedCell, 'outcome' | 'code' | 'message'> {
  if (code !== null) return { outcome: code === '42501' ? 'refused' : 'error', code, message }
  const reached = verb === 'select' ? keys[0] !== '0' : count > 0
  return { outcome: reached ? 'done' : 'nothing', code: null, message: null }
}

/** Names what the role may name; all of it where it may name nothing, so that the refusal is seen. */
function insertOf(shape: TableShape, values: Row, writable: readonly string[]): string {
  const present = Object.keys(values).filter((column) => values[column] !== null)
  const named = writable.length > 0 ? present.filter((column) => writable.includes(column)) : present
  const overriding = shape.columns.some(({ name, identity }) => identity && named.includes(name)) ? ' overriding system value' : ''
  return named.length === 0 ? `insert into ${qualified(shape)} default values` : `insert into ${qualified(shape)} (${identList(named)})${overriding} values (${named.map((column) => valueOf(shape, column, values[column] ?? null)).join(', ')})`
}

function valueOf(shape: TableShape, column: string, value: string | null): string {
  return valueSql(value, shape.columns.find(({ name }) => name === column)?.type ?? 'text')
}
