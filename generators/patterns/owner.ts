import type { TableSpec } from '../design/spec.ts'
import { ident } from '../sql/identifier.ts'
import { type PolicyHelpers, definePattern } from './define-pattern.ts'

/** A signed-in caller; with {@link isOwner} the one whom the row belongs to. */
export const owner = definePattern({
  id: 'owner',
  title: 'Owner',
  decides: (audience) => audience === 'signed_in',
  roles: () => ['authenticated'],
  conditions: (_audience, { table }) => [isSignedIn, ...isPermanent(table)],
  says: () => 'signed-in users',
})

/**
 * The token was given after a second factor. Null, which is no `aal2`, for one that does not say.
 * https://supabase.com/docs/guides/auth/auth-mfa
 */
export const hasSecondFactor = "(select ((select auth.jwt()) ->> 'aal') = 'aal2')"

/** The row belongs to the caller. `(select …)` makes it one InitPlan for the whole query. */
export function isOwner(table: TableSpec, { confirmedEmail }: Pick<PolicyHelpers, 'confirmedEmail'> = {}): string {
  if (table.ownerColumn === null) throw new Error(`${table.name} has no owner column.`)
  const owns = `${ident(table.ownerColumn)} = (select auth.uid())`
  return table.addressee === undefined || confirmedEmail === undefined ? owns : `(${owns} or ${ident(table.addressee)} = (select ${confirmedEmail}()))`
}

/** In a table of shares the person is not the owner of what is shared. */
export function ownerInWords({ ownerColumn, addressee }: TableSpec): string {
  if (addressee !== undefined) return 'whom the row is for'
  return ownerColumn === null || ownerColumn === 'owner_id' ? 'the owner' : `the user in ${ownerColumn}`
}

/** There is a user. A condition of its own, because `auth.uid()` of a token without `sub` is null. */
export const isSignedIn = '(select auth.uid()) is not null'

/**
 * The caller is a permanent user. Anonymous sign-ins carry the role `authenticated` and the claim `is_anonymous`.
 * https://supabase.com/docs/guides/auth/auth-anonymous
 *
 * The comparison stands inside of the outer `select`: outside, the claim is taken out of the token for each row, which doubles a
 * count. The inner one is for advisors, which look for these very words (Splinter 0003).
 */
export function isPermanent(table: TableSpec): string[] {
  return table.access.anonymous ? [] : ["(select ((select auth.jwt()) ->> 'is_anonymous') is distinct from 'true')"]
}
