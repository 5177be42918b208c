/** How many rows each person reaches through a view, with rows in every table below it. */
import type { Session } from '../../postgres/session.ts'
import { type QualifiedName, ident, qualified } from '../../sql/identifier.ts'
import type { Fixtures } from '../fixtures/fixtures.ts'
import { type Inhabited, inhabit } from './inhabit.ts'
import { type ObservedCell, type Question, answersTo } from './observe-table.ts'
import type { Surroundings } from './surroundings.ts'

/** Everybody's rows in the tables that the view reads, directly or through other views. */
export async function inhabitView(session: Session, fixtures: Fixtures, view: QualifiedName, surroundings: Surroundings): Promise<Inhabited> {
  const { rows: below } = await session.query<QualifiedName & { materialized: boolean }>(tablesBelow, [qualified(view)])
  const worlds: Inhabited[] = []
  for (const table of below.filter((one) => fixtures.has(one))) worlds.push(await inhabit(session, fixtures, table, surroundings))
  const refreshed = below.filter(({ materialized }) => materialized).map((one) => `refresh materialized view ${qualified(one)}`)
  for (const statement of refreshed) await session.query(statement)
  const [first] = worlds
  const identities = first ? [...new Map(worlds.flatMap((world) => world.identities).map((identity) => [identity.id, identity])).values()] : []
  const of = <Item>(list: (world: Inhabited) => readonly Item[]) => worlds.flatMap(list)
  return { identities, rows: of(({ rows }) => rows), drafts: [], moves: [], open: of(({ open }) => open), notes: of(({ notes }) => notes), setup: [...of(({ setup }) => setup), ...refreshed] }
}

export async function observeView(session: Session, view: QualifiedName, { identities }: Inhabited): Promise<ObservedCell[]> {
  const { rows: [facts] } = await session.query<{ events: number; column: string | null }>(
    `select pg_relation_is_updatable($1::regclass, true) as events, (select attname::text from pg_catalog.pg_attribute
       where attrelid = $1::regclass and attnum > 0 and pg_column_is_updatable($1::regclass, attnum, true) order by attnum limit 1) as column`,
    [qualified(view)],
  )
  const name = qualified(view)
  // Bits of the server: 4 UPDATE, 16 DELETE.
  const may = (bit: number) => ((facts?.events ?? 0) & bit) !== 0
  const column = ident(facts?.column ?? 'none')
  const questions = identities.flatMap((identity): Question[] => [
    { identity, verb: 'select', row: 'its rows', sql: `select count(*) as count from ${name}`, counts: true },
    ...(may(4) && facts?.column ? [{ identity, verb: 'update' as const, row: 'its rows', sql: `update ${name} set ${column} = ${column}`, counts: false }] : []),
    ...(may(16) ? [{ identity, verb: 'delete' as const, row: 'its rows', sql: `delete from ${name}`, counts: false }] : []),
  ])
  return await answersTo(session, questions)
}

const tablesBelow = `
  with recursive below (oid) as (
    select $1::regclass::oid
    union
    select d.refobjid from below b join pg_catalog.pg_rewrite r on r.ev_class = b.oid
    join pg_catalog.pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> b.oid
  )
  select n.nspname::text as schema, c.relname::text as name, c.relkind = 'm' as materialized
  from below b join pg_catalog.pg_class c on c.oid = b.oid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'm') order by 1, 2`
