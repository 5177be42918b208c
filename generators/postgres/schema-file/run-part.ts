/** One statement of a schema file, with what stands in for what is not here. */
import type { DatabaseError } from 'pg'
import { isSystemSchema } from '../../design/system-schemas.ts'
import { ident } from '../../sql/identifier.ts'
import { type Node, type Statement, splitStatements, walk } from '../../sql/parser.ts'
import type { Session } from '../session.ts'
import { copiedRows } from './copied-rows.ts'
import type { SchemaPart } from './schema-parts.ts'
import { withTextFor } from './stand-in-types.ts'

/** The session is one of the superuser, as `postgres`. Null when it was made, or is there already; else why not. `say` gets what was made in another way. */
export async function runPart(session: Session, { statement, rows, fault }: SchemaPart, say: (note: string) => void): Promise<string | null> {
  if (!statement) return fault
  if (rows !== null) return await takeRows(session, statement.tree, rows)
  if (statement.kind === 'CreateExtensionStmt') await moveExtension(session, statement.tree)
  let { sql } = statement
  const replaced: string[] = []
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const refused = await refusal(session, sql)
    if (refused === null || isThere(refused, statement)) {
      for (const note of replaced) say(note)
      return null
    }
    const type = refused.code === '42704' ? /^type "(.+)" does not exist$/.exec(refused.message)?.[1] : undefined
    const standIn = type === undefined || statement.kind !== 'CreateStmt' ? null : withTextFor(type, sql, splitStatements(sql)[0]?.tree ?? {})
    if (!standIn) return refused.message
    sql = standIn.sql
    const { relation } = statement.tree['CreateStmt'] as { relation: { relname: string } }
    replaced.push(`${relation.relname} (${standIn.columns.join(', ')}): there is no type ${type} here, taken as text; its operators and indexes are not planned.`)
  }
  return 'its types are not here'
}

async function takeRows(session: Session, tree: Node, rows: string): Promise<string | null> {
  const inserts = copiedRows(tree, rows)
  if (inserts === null) return 'its rows are not in the format of pg_dump'
  for (const sql of inserts) {
    const refused = await refusal(session, sql)
    if (refused) return refused.message
  }
  return null
}

async function refusal(session: Session, sql: string): Promise<DatabaseError | null> {
  const attempt = () => session.query(sql).then(() => null, (error: DatabaseError) => error)
  const refused = await attempt()
  if (refused?.code !== '42501') return refused
  await session.query('reset role')
  const again = await attempt()
  await session.query('set role postgres')
  return again
}

/** What Supabase's own schemas, and `public`, have from the start. */
function isThere({ code = '' }: DatabaseError, { kind, tree }: Statement): boolean {
  if (code === '42P06' || (code === '42710' && ['CreateRoleStmt', 'CreateExtensionStmt', 'CreatePublicationStmt'].includes(kind))) return true
  return ['42P07', '42723', '42710', '42P16', '42701'].includes(code) && schemasIn(tree).some(isSystemSchema)
}

/** What stands before the last part of a name. */
function schemasIn(tree: Node): string[] {
  const found: string[] = []
  walk({ Statement: tree }, (_type, node) => {
    for (const value of Object.values(node)) {
      const [first, second] = (Array.isArray(value) ? value : []).map((one: { String?: { sval: string } }) => one.String?.sval)
      if (first !== undefined && second !== undefined) found.push(first)
    }
    if (typeof node['schemaname'] === 'string') found.push(node['schemaname'])
  })
  return found
}

/** An extension that is there lives where the schema wants it. */
async function moveExtension(session: Session, tree: Node): Promise<void> {
  const { extname, options = [] } = tree['CreateExtensionStmt'] as { extname: string; options?: { DefElem: { defname: string; arg?: { String?: { sval: string } } } }[] }
  const schema = options.find(({ DefElem: { defname } }) => defname === 'schema')?.DefElem.arg?.String?.sval
  if (schema === undefined || schema === 'pg_catalog') return
  await session.query('reset role')
  await session.query(`alter extension ${ident(extname)} set schema ${ident(schema)}`).catch(() => undefined)
  await session.query('set role postgres')
}
