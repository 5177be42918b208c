/** What the functions on memberships are written with: names of the tenancy as SQL, and the conditions that they share. */
import { invitationColumns } from '../../design/reading/tenancy/invitation-tables.ts'
import { nounOf } from '../../design/membership-actions.ts'
import type { OrganizationTenancy, TableSpec } from '../../design/spec.ts'
import { isPermanent } from '../../patterns/owner.ts'
import { bracketed } from '../../sql/bracketed.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { literal, literalList } from '../../sql/literal.ts'

export interface MembershipSql {
  tenancy: OrganizationTenancy
  noun: string
  /** `'publisher'` */
  strongest: string
  /** Rank of the strongest role. */
  top: number
  organizations: string
  memberships: string
  /** Columns of the memberships. */
  organization: string
  user: string
  role: string
  /** The caller is somebody of whom the tenancy takes notice at all. */
  caller: string[]
  /** `array_position(array[…], role)`: the rank of a role, null for one that is none. */
  rank(role: string): string
  /** The membership that is called so is active. */
  isActive(alias: string): string[]
  /** The organisation is there and not deleted. */
  isOpen(organization: string): string[]
  /** Columns of the invitations. */
  invitation: ReturnType<typeof invitationColumns>
}

/** Functions that the workers call, qualified. */
export type WorkerNames = Record<'refuse' | 'lock' | 'reachOf' | 'reach' | 'confirmedEmail', string>

/** Conditions on the token (anonymous sign-ins and whatever else `access` may ask of a caller) are those of the memberships' own policies. */
export function membershipSql(tenancy: OrganizationTenancy, memberships: TableSpec): MembershipSql {
  const { roles, organizationDeleted, memberships: { table, user, organization, role, where } } = tenancy
  const names = invitationColumns(tenancy)
  return {
    tenancy,
    noun: nounOf(tenancy),
    strongest: literal(roles.at(-1) ?? ''),
    top: roles.length,
    organizations: qualified(tenancy.organizations),
    memberships: qualified(table),
    organization: ident(organization),
    user: ident(user),
    role: ident(role ?? 'role'),
    caller: isPermanent(memberships),
    rank: (of) => `array_position(array[${literalList(roles)}], ${of})`,
    // A bare column of the predicate means the innermost table that has it.
    isActive: (alias) => (where === null ? [] : [alias === 'membership' ? bracketed(where) : `exists (select from (select ${alias}.*) as membership where ${where})`]),
    isOpen: (of) => [
      `exists (select from ${qualified(tenancy.organizations)} as home where home.${ident(tenancy.organizationKey)} = ${of}${organizationDeleted === null ? '' : ` and home.${ident(organizationDeleted)} is null`})`,
    ],
    invitation: { role: ident(names.role), email: ident(names.email), user: ident(names.user), inviter: ident(names.inviter), expires: ident(names.expires) },
  }
}

/** One condition on each line. */
export function conditions(indent: string, list: readonly string[]): string {
  return list.join(`\n${indent}and `)
}
