/** Runs something as a caller of the Data API: the role that PostgREST takes on, and the claims of its token. */
import type { Session } from './session.ts'

/** Who is asking. */
export interface Caller {
  role: 'anon' | 'authenticated' | 'service_role'
  /** Payload of the token; null for a request without one. */
  claims: Record<string, unknown> | null
}

/**
 * Calls `run` as the caller. Outside of a transaction it opens one and commits it; inside of one it uses a savepoint.
 * When `run` throws, everything it did is rolled back. Role and claims are as before afterwards, in every case.
 */
export async function asCaller<Result>(session: Session, caller: Caller, run: () => Promise<Result>): Promise<Result> {
  return session.transaction === 'none' ? inTransaction(session, caller, run) : inSavepoint(session, caller, run)
}

async function inTransaction<Result>(session: Session, caller: Caller, run: () => Promise<Result>): Promise<Result> {
  await session.query('begin')
  try {
    await become(session, settingsOf(caller))
    const result = await run()
    await session.query('commit')
    return result
  } catch (error) {
    await session.query('rollback')
    throw error
  }
}

// RELEASE keeps what SET LOCAL did, ROLLBACK TO undoes it.
async function inSavepoint<Result>(session: Session, caller: Caller, run: () => Promise<Result>): Promise<Result> {
  const before = await currentSettings(session)
  await session.query('savepoint as_caller')
  try {
    await become(session, settingsOf(caller))
    const result = await run()
    await become(session, before)
    await session.query('release savepoint as_caller')
    return result
  } catch (error) {
    await session.query('rollback to savepoint as_caller')
    await session.query('release savepoint as_caller')
    throw error
  }
}

type Settings = Record<(typeof names)[number], string>

// PostgREST since 9 sets the one JSON variable, before it one per claim; both are read by what is out there.
const names = ['role', 'request.jwt.claims', 'request.jwt.claim.sub', 'request.jwt.claim.role', 'request.jwt.claim.email'] as const

function settingsOf({ role, claims }: Caller): Settings {
  const claim = (name: string) => (claims?.[name] === undefined || claims[name] === null ? '' : String(claims[name]))
  return {
    role,
    'request.jwt.claims': claims === null ? '' : JSON.stringify(claims),
    'request.jwt.claim.sub': claim('sub'),
    'request.jwt.claim.role': claim('role'),
    'request.jwt.claim.email': claim('email'),
  }
}

async function currentSettings(session: Session): Promise<Settings> {
  const columns = names.map((name) => `coalesce(current_setting('${name}', true), '') as "${name}"`)
  const { rows } = await session.query<Settings>(`select ${columns.join(', ')}`)
  return rows[0] as Settings
}

// The role comes last: the claims may be set by anyone, the role decides what may follow.
async function become(session: Session, settings: Settings): Promise<void> {
  const ordered = names.toReversed()
  const calls = ordered.map((name, index) => `set_config('${name}', $${index + 1}, true)`)
  await session.query(`select ${calls.join(', ')}`, ordered.map((name) => settings[name]))
}
