/** `tenancy.functions`, `managers`, `invitations`: what members of created organisations do themselves. */
import { membershipTasks, nounOf } from '../../membership-actions.ts'
import type { TenancyInput } from '../../input.ts'
import { suggestion } from '../../issues.ts'
import { readDuration } from '../read-quantity.ts'
import type { Reading } from '../reading.ts'
import type { Path } from '../../source.ts'
import type { MembershipFunctions, MembershipTask } from '../../membership-functions.ts'
import type { OrganizationTenancy } from '../../spec.ts'
import { type QualifiedName, composedName } from '../../../sql/identifier.ts'

const path: Path = ['tenancy']

/** How a name that is free, outside of Supabase's schemas, is read. */
export type ReadNewTable = (place: Path, written: string) => QualifiedName | null

/** Undefined where the service alone writes memberships, and after an issue. */
export function readFunctions(reading: Reading, input: TenancyInput, tenancy: OrganizationTenancy, newTable: ReadNewTable): MembershipFunctions | undefined {
  const { issues } = reading
  const tasks = readTasks(reading, input, tenancy)
  const managers = readManagers(reading, input, tenancy)
  const isInviting = tasks.includes('invite')
  if (input.invitations && !isInviting) refuse(reading, 'invitations', 'Nobody can be invited, so there are no invitations.', 'Add invite to functions, or remove the key.')
  if (input.managers !== undefined && !tasks.some((task) => ['invite', 'set_role', 'remove'].includes(task))) refuse(reading, 'managers', 'There is nothing for managers to do.', 'Add invite, set_role or remove to functions, or remove the key.')
  if (tasks.length === 0) return undefined
  const before = issues.count()
  const invitations = isInviting ? readInvitations(reading, input, tenancy, newTable) : null
  return issues.count() > before ? undefined : { tasks, managers, invitations }
}

function readTasks(reading: Reading, { functions }: TenancyInput, { roles }: OrganizationTenancy): MembershipTask[] {
  if (functions === false) return []
  // With one role there is none to give and none to hand over.
  const possible = membershipTasks.filter((task) => roles.length > 1 || (task !== 'set_role' && task !== 'transfer'))
  if (functions === undefined || functions === true) return possible
  for (const [index, task] of functions.entries()) {
    const place = [...path, 'functions', index]
    if (!possible.includes(task)) reading.issues.add({ code: 'SPEC_CONFLICT', path: place, message: `There is one role, so "${task}" has nothing to do.`, remedy: `Remove it, or add a role: roles: [${roles.join(', ')}, admin]` })
    if (functions.indexOf(task) < index) reading.issues.add({ code: 'SPEC_DUPLICATE', path: place, message: `"${task}" stands in the list twice.`, remedy: 'Remove one of the two.' })
  }
  return possible.filter((task) => functions.includes(task))
}

/** Counts as the pattern org_roles does: the third role writes what belongs to others. */
function readManagers(reading: Reading, { managers }: TenancyInput, { roles }: OrganizationTenancy): string {
  const third = roles[Math.min(2, roles.length - 1)] ?? ''
  if (managers === undefined || roles.includes(managers)) return managers ?? third
  reading.issues.add({ code: 'SPEC_VALUE', path: [...path, 'managers'], message: `"${managers}" is no role of the tenancy.`, remedy: suggestion(managers, roles) })
  return third
}

const week = { text: '7 days', days: 7 }

function readInvitations(reading: Reading, { invitations = {} }: TenancyInput, tenancy: OrganizationTenancy, newTable: ReadNewTable): MembershipFunctions['invitations'] {
  const place = [...path, 'invitations', 'table']
  const { schema } = tenancy.memberships.table
  const table = newTable(invitations.table === undefined ? path : place, invitations.table ?? `${schema}.${composedName([nounOf(tenancy)], 'invitations')}`)
  const expires = invitations.expires === undefined ? week : readDuration(reading, [...path, 'invitations', 'expires'])
  if (!table || !expires) return null
  const taken = [tenancy.organizations, tenancy.memberships.table].some(({ schema: other, name }) => other === table.schema && name === table.name)
  if (taken) {
    reading.issues.add({ code: 'SPEC_DUPLICATE', path: place, message: `"${table.schema}.${table.name}" is another table of the tenancy already.`, remedy: `Write for example: invitations: { table: ${table.schema}.${table.name}_invitations }` })
    return null
  }
  return { table, tokens: { schema: 'private', name: composedName([table.name], 'tokens') }, expires }
}

function refuse({ issues }: Reading, key: string, message: string, remedy: string): void {
  issues.add({ code: 'SPEC_CONFLICT', path: [...path, key], key: true, message, remedy })
}
