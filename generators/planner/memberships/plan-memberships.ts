/** Functions and triggers of memberships that the design creates. */
import type { Catalog } from '../../design/catalog.ts'
import { type MembershipAction, actionsOf } from '../../design/membership-actions.ts'
import type { FunctionPlan } from '../../design/plan.ts'
import type { Spec } from '../../design/spec.ts'
import { composedName, qualified } from '../../sql/identifier.ts'
import { planFunction } from '../plan-function.ts'
import type { TriggerPlan } from '../triggers.ts'
import { type ActionDraft, clientFunction } from './client-function.ts'
import { acceptAction, inviteAction, revokeAction } from './invitation-actions.ts'
import { lastHolderTriggers } from './last-holder.ts'
import { leaveAction, removeAction, setRoleAction, transferAction } from './member-actions.ts'
import { type MembershipSql, type WorkerNames, membershipSql } from './membership-sql.ts'
import { createAction, deleteAction } from './organization-actions.ts'
import { confirmedEmail, lockFunction, reachOfCaller, reachOfMember, refusalFunction } from './shared-functions.ts'

export interface MembershipsPlan {
  /** Of the memberships. */
  triggers: TriggerPlan[]
  triggerFunctions: FunctionPlan[]
  functions: FunctionPlan[]
  /** `private.confirmed_email`, where invitations are addressed. */
  confirmedEmail: string | null
}

const none: MembershipsPlan = { triggers: [], triggerFunctions: [], functions: [], confirmedEmail: null }

const actions: Record<MembershipAction, (sql: MembershipSql, names: WorkerNames) => ActionDraft> = {
  create: createAction,
  invite: inviteAction,
  accept: acceptAction,
  revoke: revokeAction,
  set_role: setRoleAction,
  remove: removeAction,
  leave: leaveAction,
  transfer: transferAction,
  delete: deleteAction,
}

/** The guard stands whoever writes; the functions only where the spec wants them. */
export function planMemberships(spec: Spec, catalog: Catalog): MembershipsPlan {
  const { tenancy } = spec
  const memberships = spec.tables.find(({ kind }) => kind === 'memberships')
  if (tenancy.model !== 'organization' || !tenancy.create || !memberships) return none
  const sql = membershipSql(tenancy, memberships)
  const { lock, guard } = lastHolderTriggers(sql)
  const [locks, guards] = [planFunction(lock, spec, catalog), planFunction(guard, spec, catalog)]
  const triggers: TriggerPlan[] = [
    { name: composedName([memberships.name, 'lock'], 'holder'), timing: 'before update or delete', function: locks.name },
    { name: composedName([memberships.name, 'keep', 'last'], 'holder'), timing: 'after update or delete', deferrable: true, function: guards.name },
  ]
  return { ...planFunctions(sql, spec, catalog), triggers, triggerFunctions: [locks, guards] }
}

function planFunctions(sql: MembershipSql, spec: Spec, catalog: Catalog): Pick<MembershipsPlan, 'functions' | 'confirmedEmail'> {
  const wanted = actionsOf(sql.tenancy)
  if (wanted.length === 0) return none
  const plan = (draft: Parameters<typeof planFunction>[0]) => planFunction(draft, spec, catalog)
  const reachOf = plan(reachOfMember(sql))
  const shared = { refuse: plan(refusalFunction), lock: plan(lockFunction(sql)), reachOf, reach: plan(reachOfCaller(sql, qualified(reachOf.name))), confirmedEmail: plan(confirmedEmail) }
  const names: WorkerNames = { refuse: qualified(shared.refuse.name), lock: qualified(shared.lock.name), reachOf: qualified(reachOf.name), reach: qualified(shared.reach.name), confirmedEmail: qualified(shared.confirmedEmail.name) }
  const drafts = wanted.map((action) => actions[action](sql, names))
  const isCalled = (name: string) => drafts.some(({ body }) => body.some((statement) => statement.includes(`${name}(`)))
  // In the order in which they call each other.
  const called = [shared.refuse, shared.lock, shared.reachOf, shared.reach, shared.confirmedEmail].filter((one) => isCalled(qualified(one.name)) || (one === reachOf && isCalled(names.reach)))
  return {
    functions: [...called, ...drafts.flatMap((draft) => clientFunction(draft, sql, spec, catalog))],
    confirmedEmail: wanted.includes('accept') ? names.confirmedEmail : null,
  }
}
