/** A session on a database of the user: it reads, and not for long. */
import { TrrError } from '../../errors.ts'
import { shownUrl } from './database-url.ts'

const seconds = 15

/** Runs `read` in one read-only transaction, which is rolled back. Throws a TrrError that never holds the password. */
export async function readOnly<Result>(url: string, read: (query: <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>) => Promise<Result>): Promise<Result> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, application_name: 'trr-db', connectionTimeoutMillis: seconds * 1000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    // Poolers refuse settings of the start-up message; those of a transaction they pass on.
    await client.query('begin transaction isolation level repeatable read, read only')
    await client.query(`set local statement_timeout = '${seconds}s'; set local lock_timeout = '2s'; set local idle_in_transaction_session_timeout = '60s'; set local search_path = pg_catalog`)
    return await read(async <Row>(sql: string, parameters: readonly unknown[] = []) => (await client.query(sql, [...parameters])).rows as Row[])
  } catch (error) {
    if (error instanceof TrrError) throw error
    throw new TrrError({ code: 'SERVER_FAILED', message: `${shownUrl(url)} cannot be read: ${withoutPassword(reasonOf(error), url)}`, remedy: 'Check the address, and that this machine may connect.' })
  } finally {
    await client.query('rollback').catch(() => undefined)
    await client.end().catch(() => undefined)
  }
}

function reasonOf(error: unknown): string {
  const { message = '', code = '' } = error as { message?: string; code?: string }
  return message === '' ? code : message
}

function withoutPassword(text: string, url: string): string {
  const { password } = URL.canParse(url) ? new URL(url) : { password: '' }
  return [password, decodeURIComponent(password)].filter((secret) => secret !== '').reduce((cleaned, secret) => cleaned.replaceAll(secret, '…'), text)
}
