/** Roles of the memberships, weakest first. */
import { audienceWords } from '../../audience.ts'
import type { TenancyInput } from '../../input.ts'
import type { Reading } from '../reading.ts'
import { identifierBytes, maxIdentifierBytes } from '../../../sql/identifier.ts'

const path = ['tenancy', 'roles'] as const

export function readRoles({ issues, source, input: spec }: Reading, input: TenancyInput): string[] {
  const { roles } = input
  const hasRole = input.create === true || input.memberships?.role !== undefined
  if (roles === undefined || roles.length === 0) {
    // Memberships without a role: every member is of the only role.
    if (hasRole && (roles !== undefined || !source.has(path)))
      issues.add({
        code: 'SPEC_MISSING_KEY', path: spec.tenancy ? ['tenancy'] : [], key: true,
        message: 'The tenancy needs the key "roles", weakest first.',
        remedy: 'For example: roles: [viewer, editor, admin]',
      })
    return ['member']
  }
  if (!hasRole && roles.length > 1)
    issues.add({
      code: 'SPEC_CONFLICT', path, key: true,
      message: 'There are several roles, and the memberships have no role.',
      remedy: 'Add to memberships: role: <column>',
    })
  for (const [index, role] of roles.entries()) checkRole(issues, roles, role, index)
  return roles
}

function checkRole(issues: Reading['issues'], roles: string[], role: string, index: number): void {
  const place = [...path, index]
  if (!/^[\p{L}\p{N}_]([\p{L}\p{N}_ .:/&+-]*[\p{L}\p{N}_])?$/u.test(role) || identifierBytes(role) > maxIdentifierBytes)
    issues.add({
      code: 'SPEC_VALUE', path: place,
      message: `${JSON.stringify(role)} is not a role.`,
      remedy: `Write a word of letters, digits and _, of at most ${maxIdentifierBytes} bytes.`,
    })
  if (roles.indexOf(role) < index)
    issues.add({
      code: 'SPEC_DUPLICATE', path: place,
      message: `The role "${role}" stands in the list twice.`,
      remedy: 'The order says who is stronger: each role has one place.',
    })
  const isTaken = role !== 'owner' && !(role === 'member' && index === 0) && audienceWords.some((word) => word === role)
  if (isTaken)
    issues.add({
      code: 'SPEC_CONFLICT', path: place,
      message: `The role "${role}" means something else in access.`,
      remedy: role === 'member' ? 'Only the weakest role may be called member.' : 'Choose another name for the role.',
    })
}
