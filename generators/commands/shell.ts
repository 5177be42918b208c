/** `shell --as <identity>`: SQL in a database with the whole history, as somebody. Thrown away at the end. */
import { TrrError } from '../errors.ts'
import { readCatalog } from '../postgres/catalog/catalog.ts'
import { programVersion } from '../postgres/programs.ts'
import { runPsql } from '../postgres/psql.ts'
import type { Database } from '../postgres/server.ts'
import { type Repository, readRepository } from '../repository/read.ts'
import { loadParser, scanTokens } from '../sql/parser.ts'
import { formatRows } from '../terminal/rows-table.ts'
import { runSqlLoop } from '../terminal/sql-loop.ts'
import { wrap } from '../terminal/wrap.ts'
import type { CommandInput, CommandOutcome } from './command.ts'
import { openHistory } from './pipeline/open-history.ts'
import { describeTable } from './shell-as/describe-table.ts'
import { type ShellIdentity, fixedIdentity, parseClaims } from './shell-as/identity.ts'
import { become, formatError, runStatement, settingsOf } from './shell-as/statement.ts'
import { tenancyIdentity } from './shell-as/tenancy-identity.ts'
import { ensureUser } from './shell-as/user-row.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  const { options, terminal } = input
  if (options.json && options.sql === null) throw new TrrError({ code: 'USAGE', message: '--json needs --sql.', remedy: 'Give the statement: trr-db shell --json --sql "select 1"' })
  const fixed = fixedIdentity(options.as, options.claims)
  const repository = await readRepository(input.cwd)
  const seed = options.seed ? requireSeed(repository) : []
  await using server = await terminal.step('Opening a Postgres with the history', (progress) => openHistory(input, { repository, lock: null, seed, progress }))
  const database = await server.createDatabase()
  const identity = fixed ?? withClaims(await terminal.step('Making people', () => tenancyIdentity(input, repository, database, options.as ?? '')), options.claims)
  if (typeof identity.claims?.['sub'] === 'string') await ensureUser(database, identity.claims['sub'])
  if (options.sql !== null) return await once(input, database, identity, options.sql)
  const welcome = `You are ${identity.says}, in ${repository.migrations.length} migrations on Postgres ${server.version}. What you write is thrown away at the end. \\q ends.`
  terminal.note(wrap(welcome, terminal.width))
  if (await programVersion('psql')) {
    const exitCode = await runPsql(database, { settings: settingsOf(identity), prompt: `${identity.role}%R%# ` })
    return { exitCode: exitCode === 0 ? 0 : 1, document: {} }
  }
  return await converse(input, database, identity)
}

function requireSeed({ seed }: Repository) {
  if (seed) return [seed]
  throw new TrrError({ code: 'USAGE', message: 'There is no supabase/seed.sql.', remedy: 'Leave out --seed.' })
}

function withClaims(identity: ShellIdentity, given: string | null): ShellIdentity {
  return given === null ? identity : { ...identity, claims: { ...identity.claims, ...parseClaims(given) } }
}

async function once({ terminal }: CommandInput, database: Database, identity: ShellIdentity, sql: string): Promise<CommandOutcome> {
  await using session = await database.connect()
  await become(session, identity)
  const result = await runStatement(session, sql)
  const who = { identity: identity.says, role: identity.role, claims: identity.claims }
  if (result.error) {
    terminal.note(formatError(result.error))
    return { exitCode: 1, document: { ...who, error: result.error } }
  }
  for (const notice of result.notices) terminal.note(notice)
  terminal.print(result.rows.length > 0 ? formatRows(result.rows) : changed(result.rowCount))
  return { exitCode: 0, document: { ...who, rows: result.rows, rowCount: result.rowCount } }
}

async function converse({ terminal, signal }: CommandInput, database: Database, identity: ShellIdentity): Promise<CommandOutcome> {
  await loadParser()
  await using session = await database.connect()
  await become(session, identity)
  const isPerson = Boolean(process.stdin.isTTY)
  let failed = false
  await runSqlLoop({
    prompt: `${identity.role}=> `,
    signal,
    isComplete,
    cancel: () => void cancelQuery(database, session.processId).catch(() => undefined),
    run: async (text) => {
      const [, command, word = ''] = /^\s*\\(\w+)\s*(.*?)\s*;?\s*$/.exec(text) ?? []
      if (command === 'q') return false
      if (command === 'd') terminal.print(describeTable(await catalogOf(database), word))
      else if (command !== undefined) terminal.note(`\\${command} is unknown here: \\d [table] describes, \\q ends.`)
      else failed = !(await show(text))
      // Like a script of psql that stops at its first error.
      return !failed || isPerson
    },
  })
  signal.throwIfAborted()
  return { exitCode: failed && !isPerson ? 1 : 0, document: {} }

  async function show(text: string): Promise<boolean> {
    const result = await runStatement(session, text)
    for (const notice of result.error ? [] : result.notices) terminal.note(notice)
    if (result.error) terminal.note(formatError(result.error))
    else terminal.print(result.rows.length > 0 ? formatRows(result.rows) : changed(result.rowCount))
    return result.error === null
  }
}

function changed(rows: number): string {
  return `(${rows} ${rows === 1 ? 'row' : 'rows'})`
}

async function cancelQuery(database: Database, processId: number): Promise<void> {
  await using admin = await database.connect({ user: 'supabase_admin' })
  await admin.query('select pg_cancel_backend($1)', [processId])
}

// As another role a session does not see everything.
async function catalogOf(database: Database) {
  await using session = await database.connect()
  return await readCatalog(session)
}

/** A semicolon at the end that is in no string. What `begin atomic` encloses is cut too early. */
function isComplete(text: string): boolean {
  try {
    return scanTokens(text).at(-1)?.text === ';'
  } catch {
    return false
  }
}
