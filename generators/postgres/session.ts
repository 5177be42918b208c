/** One connection. Values come back the same on every machine: dates, numbers and bytes as text, JSON parsed. */
import { once } from 'node:events'
import { Socket } from 'node:net'
import type { Client, ClientConfig, QueryResult } from 'pg'

/** Who a session logs in as. `postgres` runs migrations and is no superuser. */
export type LoginRole = 'postgres' | 'supabase_admin' | 'authenticator'

/** A message of the server that is not an error. */
export interface Notice {
  severity: string
  code: string
  message: string
  /** Given where there is one. */
  detail?: string
}

export interface QueryOutcome<Row> {
  rows: Row[]
  rowCount: number
}

/** An open session. */
export interface Session extends AsyncDisposable {
  /** One statement with parameters, or a script without; of a script, the last result. Throws pg's DatabaseError. */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<QueryOutcome<Row>>
  /** Statements one after another in a single pipeline with one Sync, as Supabase's pipelining runner sends a file. */
  pipeline(statements: readonly string[]): Promise<void>
  /** Notices and warnings since the last call. */
  takeNotices(): Notice[]
  /** Whether a transaction is open, and whether it has failed. */
  readonly transaction: 'none' | 'open' | 'failed'
  /** Process id of the backend, for `pg_locks` and `pg_blocking_pids`. */
  readonly processId: number
  /** An idle session keeps the process alive, unless it is told not to. */
  keepAlive(wanted: boolean): void
  end(): Promise<void>
}

/** What speaks to a server: loaded when it is needed, or before. */
export function loadDriver() {
  return Promise.all([import('pg'), import('./type-parsers.ts'), import('./pipeline.ts')])
}

/** Opens a session through the socket directory. */
export async function openSession(socket: string, database: string, user: LoginRole): Promise<Session> {
  const [{ default: pg }, { typeParsers }, { pipelineQuery }] = await loadDriver()
  const stream = new Socket()
  // Everything is named, so that no PG* variable of the environment has a say.
  const config: ClientConfig = {
    host: socket, port: 5432, user, database, password: '', ssl: false, types: typeParsers,
    options: '-c application_name=trr-db', application_name: 'trr-db', client_encoding: 'UTF8',
    // pg would look whether it runs at Cloudflare's, and have Node load its HTTP client for that.
    stream: () => stream,
  }
  const client = new pg.Client(config)
  const notices: Notice[] = []
  let status = 'I'
  client.on('notice', ({ severity = '', code = '', message = '', detail }) => notices.push({ severity, code, message, ...(detail === undefined ? {} : { detail }) }))
  // A server that is stopped under an idle session is no crash of ours.
  client.on('error', () => undefined)
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
  connection.on('readyForQuery', (message: { status: string }) => (status = message.status))
  let closed = false
  for (const emitter of [client, connection]) emitter.once('end', () => (closed = true))
  const settled = async () => (closed ? undefined : settle(client, connection))
  await client.connect()

  let ended: Promise<void> | undefined
  const session: Session = {
    async query<Row>(sql: string, parameters?: readonly unknown[]): Promise<QueryOutcome<Row>> {
      try {
        return outcome<Row>(await client.query(sql, parameters ? [...parameters] : undefined))
      } catch (error) {
        await settled()
        throw error
      }
    },
    async pipeline(statements) {
      const query = pipelineQuery(statements)
      client.query(query)
      await query.done.catch(async (error: unknown) => {
        await settled()
        throw error
      })
    },
    takeNotices: () => notices.splice(0),
    get transaction() {
      return status === 'I' ? 'none' : status === 'T' ? 'open' : 'failed'
    },
    get processId() {
      return (client as unknown as { processID: number }).processID
    },
    keepAlive: (wanted) => void (closed || (wanted ? stream.ref() : stream.unref())),
    end: () => (ended ??= client.end()),
    [Symbol.asyncDispose]: () => session.end(),
  }
  return session
}

// pg rejects when the error arrives; only the message after it says in which state the transaction is.
async function settle(client: Client, connection: NodeJS.EventEmitter): Promise<void> {
  if ((client as unknown as { readyForQuery: boolean }).readyForQuery) return
  const over = new AbortController()
  const heard = (emitter: NodeJS.EventEmitter, event: string) => once(emitter, event, { signal: over.signal }).catch(() => undefined)
  await Promise.race([heard(connection, 'readyForQuery'), heard(connection, 'end'), heard(client, 'end')])
  // Listeners that stay would add up over thousands of refused requests.
  over.abort()
}

// A script answers with one result per statement.
function outcome<Row>(result: QueryResult | QueryResult[]): QueryOutcome<Row> {
  const last = Array.isArray(result) ? result.at(-1) : result
  return { rows: (last?.rows ?? []) as Row[], rowCount: last?.rowCount ?? 0 }
}
