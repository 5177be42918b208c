/** `access <table>`: who may do what on any table of the repository, observed; `--as … --sql …` explains one request. */
import { isSystemSchema } from '../design/system-schemas.ts'
import { nearest } from '../design/nearest.ts'
import { TrrError } from '../errors.ts'
import { readAccessState } from '../postgres/access-state.ts'
import type { ReplayedServer, Session } from '../postgres/server.ts'
import { installRunner } from '../proofs/access/runner.ts'
import { explainRequest } from '../proofs/observe/explain-request.ts'
import { readGates, readPolicies, recursion } from '../proofs/observe/gates.ts'
import type { Inhabited } from '../proofs/observe/inhabit.ts'
import { observe, populate } from '../proofs/observe/observe.ts'
import { stateOf } from '../proofs/observe/reach.ts'
import { type Surroundings, surroundingsOf } from '../proofs/observe/surroundings.ts'
import { readRepository } from '../repository/read.ts'
import { type QualifiedName, qualified } from '../sql/identifier.ts'
import { SqlSyntaxError } from '../sql/parser.ts'
import { formatAccess, formatExplanation } from '../terminal/report-access.ts'
import { formatRows } from '../terminal/rows-table.ts'
import type { CommandInput, CommandOutcome } from './command.ts'
import { openHistory } from './pipeline/open-history.ts'
import { type ShellIdentity, fixedIdentity } from './shell-as/identity.ts'
import { formatError, runStatement } from './shell-as/statement.ts'
import { tenancyIdentity } from './shell-as/tenancy-identity.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  const { options, terminal } = input
  if ((options.as === null) !== (options.sql === null)) throw new TrrError({ code: 'USAGE', message: '--as and --sql belong together.', remedy: 'Explain a request: trr-db access core.shows --as anon --sql "select * from core.shows"' })
  const repository = await readRepository(input.cwd)
  await using server = await terminal.step('Opening a Postgres with the history', (progress) => openHistory(input, { repository, lock: null, progress }))
  const table = findTable(server, input.arguments[0] ?? '')
  const database = await server.createDatabase()
  await using session = await database.connect()
  const surroundings = surroundingsOf([stateOf(await readAccessState(session))], table)
  if (options.sql === null || options.as === null) return await ask(input, session, table, surroundings)
  const known = fixedIdentity(options.as, options.claims) ?? (isOfTheWorld(options.as) ? null : await terminal.step('Making people', () => tenancyIdentity(input, repository, database, options.as ?? '')))
  await session.query('begin')
  const world = await terminal.step('Making rows', () => populate(session, table, surroundings))
  for (const reason of [...world.open, ...world.notes]) terminal.note(terminal.style.yellow(`note: ${reason}`))
  return await explain(input, session, server, known ?? identityOf(world, options.as), options.sql)
}

async function ask({ terminal }: CommandInput, session: Session, table: QualifiedName, surroundings: Surroundings): Promise<CommandOutcome> {
  await installRunner(session)
  const name = qualified(table)
  await session.query('begin')
  const gates = await readGates(session, table)
  const round = recursion(await readPolicies(session), 'authenticated', name).map((policy) => `${policy.name} on ${policy.table}`)
  await session.query('rollback')
  const { cells, world: { open, notes } } = await terminal.step('Making rows, and asking everybody', () => observe(session, table, surroundings))
  for (const reason of [...open, ...notes]) terminal.note(terminal.style.yellow(`note: ${reason}`))
  terminal.print(formatAccess(name, cells, terminal))
  if (round.length > 0) terminal.print(terminal.style.red(`The policies that read in a circle: ${round.join(' → ')}.`))
  if (gates.view === null && !gates.rowSecurity) terminal.print(terminal.style.yellow('Row level security is off: whoever has a right has it for every row.'))
  return { exitCode: 0, document: { table: name, rowSecurity: gates.rowSecurity, view: gates.view, cells, recursion: round, policies: gates.policies, open, notes } }
}

/** Of the people that are made with the rows, not of a design's tenancy. */
function isOfTheWorld(word: string): boolean {
  return /^(owner|peer|anonymous|claim:|member:)/.test(word)
}

/** A refused request is a result: it is what was asked about. */
async function explain({ terminal }: CommandInput, session: Session, server: ReplayedServer, identity: ShellIdentity, sql: string): Promise<CommandOutcome> {
  const claims = identity.claims === null ? null : JSON.stringify(identity.claims)
  await session.query('savepoint request')
  await session.query("select set_config('request.jwt.claims', $1, true), set_config('role', $2, true)", [claims ?? '', identity.role])
  const result = await runStatement(session, sql)
  await session.query('rollback to savepoint request')
  const { tables } = await explainRequest(session, sql, { role: identity.role, claims }, ({ schema, name }) => askedTables(server).find((table) => table.name === name && (schema === undefined || table.schema === schema)) ?? null).catch(notSql)
  terminal.print(`As ${identity.says}:`)
  terminal.print(result.error ? terminal.style.red(formatError(result.error)) : result.rows.length > 0 ? formatRows(result.rows) : `(${result.rowCount} rows)`)
  terminal.print(formatExplanation(tables, identity.role, terminal))
  return { exitCode: 0, document: { identity: identity.says, role: identity.role, claims: identity.claims, ...(result.error ? { error: result.error } : { rows: result.rows, rowCount: result.rowCount }), tables } }
}

function notSql(error: unknown): never {
  if (error instanceof SqlSyntaxError) throw new TrrError({ code: 'USAGE', message: `--sql is no SQL: ${error.message}.`, remedy: 'Give one statement.' })
  throw error
}

function identityOf({ identities }: Inhabited, word: string): ShellIdentity {
  const found = identities.find(({ id }) => id === word)
  if (!found) throw new TrrError({ code: 'USAGE', message: `Nobody here is called "${word}".`, remedy: `With this table there are: ${identities.map(({ id }) => id).join(', ')}` })
  return { role: 'authenticated', claims: JSON.parse(found.claims ?? '{}') as Record<string, unknown>, says: found.title }
}

/** Those of the repository, and those of Supabase that migrations write policies for. */
function askedTables({ catalog }: ReplayedServer): QualifiedName[] {
  return catalog.tables.filter(({ schema, kind }) => (!isSystemSchema(schema) || ['storage', 'auth', 'realtime'].includes(schema)) && kind !== 'foreign table').map(({ schema, name }) => ({ schema, name }))
}

function findTable(server: ReplayedServer, word: string): QualifiedName {
  const tables = askedTables(server)
  const own = tables.filter(({ schema }) => !isSystemSchema(schema))
  const found = tables.filter((table) => (word === table.name && own.includes(table)) || word === qualified(table) || word === `${table.schema}.${table.name}`)
  if (found.length === 1 && found[0]) return found[0]
  const names = (found.length > 1 ? found : own).map(({ schema, name }) => `${schema}.${name}`)
  const near = nearest(word, names)
  throw new TrrError({
    code: 'USAGE',
    message: found.length > 1 ? `There are several tables "${word}".` : `There is no table "${word}".`,
    remedy: found.length > 1 ? `Say which: ${names.join(', ')}` : near ? `Did you mean ${near}?` : `Tables: ${names.slice(0, 12).join(', ')}`,
  })
}
