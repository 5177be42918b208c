/**
 * What a view must give each caller: its own text, run by the owner of the tables over copies that hold only the rows
 * which the spec lets the caller see. No policy and no grant has a say in it.
 */
import type { ViewSpec } from '../../../design/view-spec.ts'
import type { Session } from '../../../postgres/session.ts'
import { parseSelect } from '../../../sql/expression.ts'
import { ident, identList, qualified } from '../../../sql/identifier.ts'
import { literal } from '../../../sql/literal.ts'
import { arrayText } from '../../fixtures/value-text.ts'
import type { Identity } from '../identity.ts'
import type { World } from '../world.ts'
import { type ReadTable, type VisibleRows, placeOfRow, visibleRows } from './visible-rows.ts'

export interface ViewAnswers {
  /** Over all rows. */
  all: string[]
  /** By caller; null where the caller has no right to ask. */
  of: Map<Identity, string[] | null>
}

/** The tables hold their rows. Everything is taken back. */
export async function expectedRows(session: Session, view: ViewSpec, tables: readonly ReadTable[], world: World): Promise<ViewAnswers> {
  const visible = new Map<ReadTable, VisibleRows>()
  for (const table of tables) visible.set(table, await visibleRows(session, table, world))
  const known = new Map<string, string[]>()
  const depends = parseSelect(view.sql).functions.some((name) => !steady.has(name))
  const answers: ViewAnswers = { all: await answerOver(session, view, [], null), of: new Map() }
  for (const identity of world.identities) {
    const copies = tables.map((read) => ({ read, rows: visible.get(read)?.get(identity) ?? null }))
    const isRefused = !view.roles.some((role) => role === identity.caller.role) || copies.some(({ rows }) => rows === null)
    const key = JSON.stringify([copies.map(({ rows }) => rows), depends ? identity.claims : null])
    if (!isRefused && !known.has(key)) known.set(key, await answerOver(session, view, copies.flatMap(({ read, rows }) => (rows === null ? [] : [{ read, rows }])), identity.claims))
    answers.of.set(identity, isRefused ? null : (known.get(key) ?? []))
  }
  return answers
}

/** Functions that look at nothing but their arguments. */
const steady = new Set('count sum min max avg bool_and bool_or every array_agg string_agg lower upper length char_length date_trunc left right round'.split(' '))

interface Copy {
  read: ReadTable
  rows: string[]
}

/** A copy takes the name of its table. It has the key as well, because a select that groups by it may name the other columns. */
async function answerOver(session: Session, view: ViewSpec, copies: readonly Copy[], claims: string | null): Promise<string[]> {
  const statements = copies.flatMap(({ read, rows }, place) => {
    const whole = `trr_db_whole_${place}`
    return [
      `alter table ${qualified(read)} rename to ${whole}`,
      `create table ${qualified(read)} (like ${ident(read.schema)}.${whole}${read.primaryKey.length > 0 ? `, primary key (${identList(read.primaryKey)})` : ''})`,
      `insert into ${qualified(read)} select * from ${ident(read.schema)}.${whole} where ${placeOfRow} = any (${literal(arrayText(rows))}::text[])`,
    ]
  })
  await session.query('savepoint access_view')
  try {
    if (claims !== null) statements.unshift(`select set_config('request.jwt.claims', ${literal(claims)}, true)`)
    const { rows } = await session.query<{ key: string }>([...statements, `select ${keyOfRow(view, 'shown')} as key from (\n${view.sql}\n) as shown`].join(';\n'))
    return rows.map(({ key }) => key).toSorted()
  } finally {
    await session.query('rollback to savepoint access_view; release savepoint access_view')
  }
}

/** As the runner reads the keys of an answer. */
function keyOfRow({ columns }: ViewSpec, row: string): string {
  return `concat_ws('|', ${columns.map(({ name }) => `to_jsonb(${row}) ->> ${literal(name)}`).join(', ')})`
}
