import { isRole } from '../design/audience-kinds.ts'
import { definePattern } from './define-pattern.ts'
import { orgRoles } from './org_roles.ts'

/** Every active member of the row's organisation: the weakest role passes. */
export const orgMember = definePattern({
  ...orgRoles,
  id: 'org_member',
  title: 'Organisation member',
  decides: (audience, tenancy) => isRole(audience) && tenancy.model === 'organization' && audience.role === tenancy.roles[0],
  says: () => 'members of the organisation',
})
