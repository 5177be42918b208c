/** Somebody who sends requests: what the evaluator knows of them, and what the database gets to see. */
import type { Caller } from '../../design/access.ts'
import type { JobSpec } from '../../design/job-spec.ts'
import { ident } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'

export interface Identity {
  id: string
  title: string
  caller: Caller
  /** Text of `request.jwt.claims`; null leaves the setting alone, as in a session without a token. */
  claims: string | null
  /** A background job: what it may do stands there, and nowhere else. */
  job?: JobSpec
}

export interface Person {
  id: string
  title: string
  /** Null for a token without a subject. */
  userId: string | null
  anonymous?: boolean
  aal?: Caller['aal']
  tenantId?: string | null
  memberships?: Caller['memberships']
  /** Besides `sub`, `role` and `is_anonymous`. */
  claims?: Record<string, unknown>
}

/** A signed-in caller. */
export function signedIn({ id, title, userId, anonymous = false, aal = null, tenantId = null, memberships = [], claims = {} }: Person): Identity {
  const token = { ...(userId === null ? {} : { sub: userId }), role: 'authenticated', is_anonymous: anonymous, ...(aal === null ? {} : { aal }), ...claims }
  return { id, title, caller: { role: 'authenticated', userId, anonymous, aal, tenantId, memberships }, claims: JSON.stringify(token) }
}

export const nobody = { userId: null, anonymous: false, aal: null, tenantId: null, memberships: [] }

/** Callers without a person behind them. The first must be asked before any claims were set in the session. */
export const impersonal: Identity[] = [
  { id: 'anon', title: 'nobody, without a token', caller: { role: 'anon', ...nobody }, claims: null },
  { id: 'anon_empty', title: 'nobody, with empty claims', caller: { role: 'anon', ...nobody }, claims: '' },
]

export const service: Identity = {
  id: 'service',
  title: 'the service',
  caller: { role: 'service_role', ...nobody },
  claims: JSON.stringify({ role: 'service_role' }),
}

/** True for the roles that reach the database with somebody else's requests. */
export function isClient(identity: Identity): boolean {
  return identity.caller.role !== 'service_role'
}

/** The request as a script for psql, to be pasted as it is. */
export function witness(identity: Identity, sql: string, setup?: string): string {
  const claims = identity.claims === null ? '' : ` set local "request.jwt.claims" = ${literal(identity.claims)};`
  return `begin; ${identity.job === undefined ? '' : `grant ${ident(identity.caller.role)} to current_user; `}${setup === undefined ? '' : `${setup}; `}set local role ${ident(identity.caller.role)};${claims} ${sql}; rollback;`
}
