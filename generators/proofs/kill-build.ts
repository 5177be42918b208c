/** A concurrent build or drop that is killed half way: it has committed its first step and waits for an older transaction. */
import type { Database } from '../postgres/database.ts'
import type { Session } from '../postgres/session.ts'
import { type Node, type Statement, walk } from '../sql/parser.ts'
import { qualified } from '../sql/identifier.ts'

const patience = 20_000

/** `not held`: it names no table that could be held, or did not wait for it; nothing is known then. */
export async function killWhileBuilding(database: Database, before: readonly Statement[], statement: Statement): Promise<'died' | 'not held'> {
  await using holder = await database.connect({ user: 'supabase_admin' })
  const table = await tableOf(holder, statement)
  if (table === null) return 'not held'
  const victim = await database.connect()
  for (const { sql } of before) await victim.query(sql)
  await holder.query('begin')
  // What every writer holds until it commits. A concurrent build starts beside it, then waits for its end.
  await holder.query(`lock table ${table} in row exclusive mode`)
  let ended = false
  const death = victim.query(statement.sql).then(() => false, () => true).finally(() => (ended = true))
  const waiting = await waitsFor(database, victim.processId, () => ended)
  await using killer = await database.connect({ user: 'supabase_admin' })
  await killer.query('select pg_terminate_backend($1, 5000)', [victim.processId])
  const died = await death
  await holder.query('rollback')
  await victim.end().catch(() => undefined)
  return waiting && died ? 'died' : 'not held'
}

async function waitsFor(database: Database, processId: number, hasEnded: () => boolean): Promise<boolean> {
  await using observer = await database.connect({ user: 'supabase_admin' })
  for (const start = Date.now(); Date.now() - start < patience; ) {
    const { rows } = await observer.query('select from pg_catalog.pg_locks where pid = $1 and not granted', [processId])
    if (rows.length > 0) return true
    if (hasEnded()) return false
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return false
}

/** The table of CREATE INDEX, or of the index that DROP INDEX names. */
async function tableOf(session: Session, { kind, tree }: Statement): Promise<string | null> {
  if (kind === 'IndexStmt') {
    const relation = (tree['IndexStmt'] as { relation?: { schemaname?: string; relname: string } }).relation
    return relation?.schemaname ? qualified({ schema: relation.schemaname, name: relation.relname }) : null
  }
  const names: string[] = []
  walk(tree, (type, node: Node) => {
    if (type === 'String') names.push(String(node['sval']))
  })
  const [schema, name] = names
  if (kind !== 'DropStmt' || schema === undefined || name === undefined) return null
  const { rows } = await session.query<{ table: string }>('select indrelid::regclass::text as "table" from pg_catalog.pg_index where indexrelid = to_regclass($1)', [qualified({ schema, name })])
  return rows[0]?.table ?? null
}
