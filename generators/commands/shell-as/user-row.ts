/** A row of `auth.users` for a user that the shell is told to be. */
import { TrrError } from '../../errors.ts'
import type { Database } from '../../postgres/server.ts'
import { users } from '../../proofs/access/world.ts'
import { createFixtures, isOpen } from '../../proofs/fixtures/fixtures.ts'

/** Made when it is missing, so that foreign keys to users hold. */
export async function ensureUser(database: Database, id: string): Promise<void> {
  await using session = await database.connect()
  const { rows } = await session.query('select from auth.users where id = $1', [id])
  if (rows.length > 0) return
  await session.query('begin')
  const row = await (await createFixtures(session)).row(users, { given: { id } })
  if (isOpen(row)) throw new TrrError({ code: 'PROOF_FAILED', message: `No user could be made: ${row.open}.` })
  await session.query('commit')
}
