/** What members can do to an organisation and its memberships, and the names that go with it: made of the spec's own words. */
import { withArticle } from './with-article.ts'
import type { QualifiedName } from '../sql/identifier.ts'
import { composedName } from '../sql/identifier.ts'
import type { MembershipTask } from './membership-functions.ts'
import type { OrganizationTenancy } from './spec.ts'

export type MembershipAction = Exclude<MembershipTask, 'invite'> | 'invite' | 'accept' | 'revoke'

export const membershipTasks = ['create', 'invite', 'set_role', 'remove', 'leave', 'transfer', 'delete'] as const satisfies readonly MembershipTask[]

/** Those of the design, in the order in which a member meets them. */
export function actionsOf({ functions }: Pick<OrganizationTenancy, 'functions'>): MembershipAction[] {
  return (functions?.tasks ?? []).flatMap((task): MembershipAction[] => (task === 'invite' ? ['invite', 'accept', 'revoke'] : [task]))
}

/** `publication_id` → `publication`; a column of another form is the word itself. */
export function nounOf({ column }: Pick<OrganizationTenancy, 'column'>): string {
  return column.replace(/_?id$/i, '') || column
}

/** The function that clients call, beside the organisations. */
export function actionFunction(action: MembershipAction, tenancy: Pick<OrganizationTenancy, 'column' | 'organizations'>): QualifiedName {
  const noun = nounOf(tenancy)
  const [before, after = []] = {
    create: [['create']],
    invite: [['invite'], ['member']],
    accept: [['accept'], ['invitation']],
    revoke: [['revoke'], ['invitation']],
    set_role: [['set'], ['member', 'role']],
    remove: [['remove'], ['member']],
    leave: [['leave']],
    transfer: [['transfer']],
    delete: [['delete']],
  }[action] as [string[], string[]?]
  const parts = [...before, noun, ...after]
  return { schema: tenancy.organizations.schema, name: composedName(parts.slice(0, -1), parts.at(-1) ?? '') }
}

/** What a caller reads who may not, and what is said as well of organisations, members and invitations that are not there: nobody can tell the two apart. */
export function refusal(action: MembershipAction, tenancy: Pick<OrganizationTenancy, 'column' | 'organizations'>): string {
  return `${actionFunction(action, tenancy).name}: not allowed, or not there`
}

/** What is said when the last holder of the strongest role would go. */
export function lastHolderMessage(tenancy: Pick<OrganizationTenancy, 'column' | 'roles'>): string {
  return `the last ${tenancy.roles.at(-1) ?? ''} of ${withArticle(nounOf(tenancy))} stays until there is another one`
}

/** Weakest = 1. Null for a role that the spec does not know. */
export function rankOf({ roles }: Pick<OrganizationTenancy, 'roles'>, role: string): number | null {
  const place = roles.indexOf(role)
  return place === -1 ? null : place + 1
}
