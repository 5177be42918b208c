/** A schema as somebody has it, such as what pg_dump writes: statement by statement, and what cannot be made here is said. */
import { locate } from '../../errors.ts'
import { ident } from '../../sql/identifier.ts'
import { walk } from '../../sql/parser.ts'
import type { ScriptPart } from '../../sql/psql-script.ts'
import type { Database } from '../database.ts'
import type { Session } from '../session.ts'
import { runPart } from './run-part.ts'
import { type SchemaPart, nameMade, schemaParts } from './schema-parts.ts'

export interface AppliedSchema {
  /** What is not as in the file, in sentences. */
  notes: string[]
  /** How many statements the server took. */
  taken: number
}

/** As the role `postgres`, which owns what is made; with more rights where those are not enough. */
export async function applySchema(database: Database, text: string, file: string): Promise<AppliedSchema> {
  const { parts, left } = schemaParts(text)
  await using session = await database.connect({ user: 'supabase_admin' })
  const path = await searchPath(session)
  const roles = await makeRoles(session, parts)
  await session.query('set role postgres')
  const standIns: string[] = []
  const failed = new Map<SchemaPart, string>()
  // What needs something that comes later is asked again.
  for (let waiting = parts, last = Infinity; waiting.length > 0 && waiting.length < last; waiting = waiting.filter((part) => failed.has(part))) {
    last = waiting.length
    for (const batch of batches(waiting)) await runBatch(session, batch, failed, (note) => standIns.push(note))
  }
  await carrySearchPath(session, path)
  return {
    taken: parts.length - failed.size,
    notes: [
      ...(left.size > 0 ? [`Left out of ${file}: ${[...left].map(([what, times]) => (times > 1 ? `${what} (${times})` : what)).join(', ')}.`] : []),
      ...(roles.length > 0 ? [`Made, because ${file} names ${roles.length === 1 ? 'it: the role' : 'them: the roles'} ${roles.join(', ')}.`] : []),
      ...standIns,
      ...failures(failed, text, file),
    ],
  }
}

const together = 64

/** What is sent at once: rows and extensions go alone. */
function batches(parts: readonly SchemaPart[]): SchemaPart[][] {
  const found: SchemaPart[][] = []
  for (const part of parts) {
    const last = found.at(-1)
    const isPlain = (one: SchemaPart | undefined) => one !== undefined && one.rows === null && one.statement !== null && one.statement.kind !== 'CreateExtensionStmt'
    if (last && last.length < together && isPlain(part) && isPlain(last[0])) last.push(part)
    else found.push([part])
  }
  return found
}

/** A script is one transaction: when something in it is refused, halves of it are tried. */
async function runBatch(session: Session, batch: readonly SchemaPart[], failed: Map<SchemaPart, string>, say: (note: string) => void): Promise<void> {
  const [only] = batch
  if (only && batch.length === 1) {
    const fault = await runPart(session, only, say)
    if (fault === null) failed.delete(only)
    else failed.set(only, fault)
    return
  }
  const taken = await session.query(batch.map(({ statement }) => statement?.sql ?? '').join(';\n')).then(() => true, () => false)
  const middle = Math.ceil(batch.length / 2)
  if (taken) for (const part of batch) failed.delete(part)
  else for (const half of [batch.slice(0, middle), batch.slice(middle)]) await runBatch(session, half, failed, say)
}

const mostNamed = 12

/** What fails only because something else did is counted. */
function failures(failed: ReadonlyMap<SchemaPart, string>, text: string, file: string): string[] {
  const missing = [...failed.keys()].map((part) => ({ part, name: nameMade(part) }))
  const [causes, others] = [[] as [SchemaPart, string][], [] as [SchemaPart, string][]]
  for (const [part, fault] of failed) (missing.some(({ part: other, name }) => other !== part && name !== null && fault.includes(`${name}`)) ? others : causes).push([part, fault])
  const more = others.length + Math.max(0, causes.length - mostNamed)
  return [
    ...causes.slice(0, mostNamed).map(([part, fault]) => `Not made: ${file}:${locate(text, part.start).line}: ${wordsOf(part)}: ${fault}.`),
    ...(more > 0 ? [`${more} more ${more === 1 ? 'statement' : 'statements'} of ${file} ${more === 1 ? 'is' : 'are'} not made, most because of ${causes.length === 1 ? 'that' : 'those'}.`] : []),
  ]
}

/** Roles that own, get rights or are named by policies; they cannot log in. */
async function makeRoles(session: Session, parts: readonly SchemaPart[]): Promise<string[]> {
  const named = new Set<string>()
  for (const { statement } of parts)
    walk(statement?.tree, (type, node) => {
      const role = (type === 'RoleSpec' ? node : (node['newowner'] ?? {})) as { roletype?: string; rolename?: string }
      if (role.roletype === 'ROLESPEC_CSTRING' && role.rolename !== undefined) named.add(role.rolename)
      if (type === 'CreateRoleStmt') named.add(String(node['role']))
    })
  const { rows } = await session.query<{ name: string }>('select rolname as name from pg_catalog.pg_roles')
  const missing = [...named].filter((name) => !rows.some((row) => row.name === name) && !name.startsWith('pg_'))
  for (const name of missing) await session.query(`create role ${ident(name)}; grant ${ident(name)} to postgres`)
  return missing
}

/** A search path that the file sets holds for what asks later; pg_dump's is empty, and its own. */
async function carrySearchPath(session: Session, before: string): Promise<void> {
  const path = await searchPath(session)
  await session.query('reset role')
  if (path !== before && path !== '' && path !== '""') await session.query(`alter role supabase_admin set search_path to ${path}, extensions`)
}

async function searchPath(session: Session): Promise<string> {
  const { rows } = await session.query<{ path: string }>("select current_setting('search_path') as path")
  return rows[0]?.path ?? ''
}

function wordsOf({ sql }: ScriptPart): string {
  const words = sql.replaceAll(/\s+/g, ' ')
  return words.length > 70 ? `${words.slice(0, 69)}…` : words
}
