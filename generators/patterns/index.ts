/** Every access pattern; the first that decides an audience is asked. A new pattern is a new file and one line here. */
import type { Audience, Tenancy } from '../design/spec.ts'
import type { AccessPattern } from './define-pattern.ts'
import { orgMember } from './org_member.ts'
import { orgRoles } from './org_roles.ts'
import { owner } from './owner.ts'
import { parent } from './parent.ts'
import { publicRead } from './public_read.ts'
import { serviceOnly } from './service_only.ts'
import { sharedWith } from './shared_with.ts'
import { tenant } from './tenant.ts'

export const patterns: readonly AccessPattern[] = [publicRead, owner, orgMember, orgRoles, tenant, parent, sharedWith, serviceOnly]

/** The pattern that knows who passes. */
export function patternFor(audience: Audience, tenancy: Tenancy): AccessPattern {
  const pattern = patterns.find((candidate) => candidate.decides(audience, tenancy))
  if (!pattern) throw new Error(`No pattern decides ${JSON.stringify(audience)}.`)
  return pattern
}
