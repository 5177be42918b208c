/** Whom `--as` and `--claims` mean. */
import { TrrError } from '../../errors.ts'

/** Roles that a session can take on. */
export const roles = ['anon', 'authenticated', 'service_role', 'postgres'] as const

/** A role, and the claims of a token; null without one. */
export interface ShellIdentity {
  role: (typeof roles)[number]
  claims: Record<string, unknown> | null
  says: string
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Null when the word is none of the fixed ones: then it is somebody of a design's tenancy. */
export function fixedIdentity(as: string | null, given: string | null): ShellIdentity | null {
  const claims = given === null ? null : parseClaims(given)
  const word = as ?? (claims ? String(claims['role'] ?? 'authenticated') : 'postgres')
  const user = /^user:(.*)$/.exec(word)?.[1]
  if (user !== undefined && !uuid.test(user)) throw usage(`"${user}" is not a UUID.`, 'Write --as user:00000000-0000-4000-8000-000000000001')
  if (user !== undefined) return { role: 'authenticated', claims: { sub: user, role: 'authenticated', is_anonymous: false, ...claims }, says: `user ${user}` }
  if (!isRole(word) && as === null) throw usage(`No session takes on the role "${word}" of --claims.`, `Use one of: ${roles.join(', ')}`)
  if (!isRole(word)) return null
  if (word === 'postgres' && claims === null) return { role: word, claims: null, says: 'postgres, the role that runs migrations' }
  return { role: word, claims: { role: word, ...claims }, says: word }
}

function isRole(word: string): word is ShellIdentity['role'] {
  return (roles as readonly string[]).includes(word)
}

/** Throws USAGE when it is no JSON object. */
export function parseClaims(text: string): Record<string, unknown> {
  try {
    const claims = JSON.parse(text) as unknown
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return claims as Record<string, unknown>
  } catch {
    // Said below, with what is no object.
  }
  throw usage('--claims is no JSON object.', `Write it as: --claims '{"sub":"00000000-0000-4000-8000-000000000001"}'`)
}

function usage(message: string, remedy: string): TrrError {
  return new TrrError({ code: 'USAGE', message, remedy })
}
