/** `access <table>`: who may do what on any table of the repository, observed; `--as … --sql …` explains one request. */
import { isSystemSchema } from '../design/system-schemas.ts'
import { nearest } from '../design/nearest.ts'
import { TrrError } from '../errors.ts'
import type { ReplayedServer, Session } from '../postgres/server.ts'
import { installRunner } from '../proofs/access/runner.ts'
import { type Fixtures, createFixtures } from '../proofs/fixtures/fixtures.ts'
import { explainRequest } from '../proofs/observe/explain-request.ts'
import { readGates, readPolicies, recursion } from '../proofs/observe/gates.ts'
import { type Inhabited, inhabit } from '../proofs/observe/inhabit.ts'
import { observeTable } from '../proofs/observe/observe-table.ts'
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
  const word = options.as ?? 'anon'
  const somebody = word === 'owner' || word === 'peer'
  const known = somebody ? null : (fixedIdentity(word, options.claims) ?? (await terminal.step('Making people', () => tenancyIdentity(input, repository, database, word))))
  await using session = await database.connect()
  await installRunner(session)
  await session.query('begin')
  const fixtures = await createFixtures(session)
  const world = await terminal.step('Making rows', () => inhabit(fixtures, table, ownTables(server)))
  for (const reason of world.open) terminal.note(terminal.style.yellow(`note: ${reason}`))
  if (options.sql === null) return await observe(input, session, fixtures, table, world)
  return await explain(input, session, server, known ?? identityOf(world, word), options.sql)
}

async function observe({ terminal }: CommandInput, session: Session, fixtures: Fixtures, table: QualifiedName, world: Inhabited): Promise<CommandOutcome> {
  const gates = await readGates(session, table)
  const cells = await observeTable(session, fixtures.shape(table), world, gates.columns)
  const name = qualified(table)
  const round = recursion(await readPolicies(session), 'authenticated', name).map((policy) => `${policy.name} on ${policy.table}`)
  terminal.print(formatAccess(name, cells, terminal))
  if (round.length > 0) terminal.print(terminal.style.red(`The policies that read in a circle: ${round.join(' → ')}.`))
  if (!gates.rowSecurity) terminal.print(terminal.style.yellow('Row level security is off: whoever has a right has it for every row.'))
  return { exitCode: 0, document: { table: name, rowSecurity: gates.rowSecurity, cells, recursion: round, policies: gates.policies, open: world.open } }
}

/** A refused request is a result: it is what was asked about. */
async function explain({ terminal }: CommandInput, session: Session, server: ReplayedServer, identity: ShellIdentity, sql: string): Promise<CommandOutcome> {
  const claims = identity.claims === null ? null : JSON.stringify(identity.claims)
  await session.query('savepoint request')
  await session.query("select set_config('request.jwt.claims', $1, true), set_config('role', $2, true)", [claims ?? '', identity.role])
  const result = await runStatement(session, sql)
  await session.query('rollback to savepoint request')
  const { tables } = await explainRequest(session, sql, { role: identity.role, claims }, ({ schema, name }) => ownTables(server).find((table) => table.name === name && (schema === undefined || table.schema === schema)) ?? null).catch(notSql)
  terminal.print(`As ${identity.says}:`)
  terminal.print(result.error ? terminal.style.red(formatError(result.error)) : result.rows.length > 0 ? formatRows(result.rows) : `(${result.rowCount} rows)`)
  terminal.print(formatExplanation(tables, identity.role, terminal))
  return { exitCode: 0, document: { identity: identity.says, role: identity.role, claims: identity.claims, ...(result.error ? { error: result.error } : { rows: result.rows, rowCount: result.rowCount }), tables } }
}

function notSql(error: unknown): never {
  if (error instanceof SqlSyntaxError) throw new TrrError({ code: 'USAGE', message: `--sql is no SQL: ${error.message}.`, remedy: 'Give one statement.' })
  throw error
}

function identityOf({ identities }: Inhabited, id: string): ShellIdentity {
  const found = identities.find((identity) => identity.id === id)
  return { role: 'authenticated', claims: JSON.parse(found?.claims ?? '{}') as Record<string, unknown>, says: found?.title ?? id }
}

function ownTables({ catalog }: ReplayedServer): QualifiedName[] {
  return catalog.tables.filter(({ schema, kind }) => !isSystemSchema(schema) && kind !== 'view' && kind !== 'materialized view').map(({ schema, name }) => ({ schema, name }))
}

function findTable(server: ReplayedServer, word: string): QualifiedName {
  const tables = ownTables(server)
  const found = tables.filter((table) => word === table.name || word === qualified(table) || word === `${table.schema}.${table.name}`)
  if (found.length === 1 && found[0]) return found[0]
  const names = (found.length > 1 ? found : tables).map(({ schema, name }) => `${schema}.${name}`)
  const near = nearest(word, names)
  throw new TrrError({
    code: 'USAGE',
    message: found.length > 1 ? `There are several tables "${word}".` : `There is no table "${word}".`,
    remedy: found.length > 1 ? `Say which: ${names.join(', ')}` : near ? `Did you mean ${near}?` : `Tables: ${names.slice(0, 12).join(', ')}`,
  })
}
