/** Which rows of a table each caller may see: by the spec where the design has the table, as observed where it was there before. */
import type { Plan } from '../../../design/plan.ts'
import type { TableSpec } from '../../../design/spec.ts'
import type { Session } from '../../../postgres/session.ts'
import { type QualifiedName, qualified } from '../../../sql/identifier.ts'
import { literal } from '../../../sql/literal.ts'
import { readFacts } from '../facts.ts'
import type { Identity } from '../identity.ts'
import { keyExpression, may } from '../subject.ts'
import type { World } from '../world.ts'

export interface ReadTable extends QualifiedName {
  primaryKey: string[]
  /** Null for a table that was there before the design. */
  planned: { table: TableSpec; plan: Plan } | null
}

/** Places of rows, in order; null where the caller may not read the table at all. */
export type VisibleRows = Map<Identity, string[] | null>

/** Where a row lies: the same until it is written. */
export const placeOfRow = 'tableoid::text || ctid::text'

export function visibleRows(session: Session, table: ReadTable, world: World): Promise<VisibleRows> {
  return table.planned ? bySpec(session, table.planned, world) : asObserved(session, table, world)
}

async function bySpec(session: Session, { table, plan }: { table: TableSpec; plan: Plan }, world: World): Promise<VisibleRows> {
  const { rows } = await session.query<{ key: string; place: string }>(`select ${keyExpression(table)} as key, ${placeOfRow} as place from ${qualified(table)}`)
  const places = new Map(rows.map(({ key, place }) => [key, place]))
  const found = await readFacts(session, plan.spec, world).rows(table)
  return new Map(world.identities.map((identity) => [identity, found.filter(({ facts }) => may({ table, plan }, 'select', identity, facts)).map(({ key }) => places.get(key) ?? '')]))
}

async function asObserved(session: Session, table: QualifiedName, world: World): Promise<VisibleRows> {
  const seen: VisibleRows = new Map()
  for (const identity of world.identities) {
    const { caller, claims } = identity
    const settings = [...(claims === null ? [] : [`select set_config('request.jwt.claims', ${literal(claims)}, true)`]), `set local role ${caller.role}`]
    await session.query('savepoint access_seen')
    const rows = await session.query<{ place: string }>([...settings, `select ${placeOfRow} as place from ${qualified(table)} order by 1`].join(';\n')).then((answer) => answer.rows, () => null)
    await session.query('rollback to savepoint access_seen; release savepoint access_seen')
    seen.set(identity, rows && rows.map(({ place }) => place))
  }
  return seen
}
