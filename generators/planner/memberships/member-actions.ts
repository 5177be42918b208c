/** set_role, remove, leave, transfer: memberships that are there. */
import { withArticle } from '../../design/with-article.ts'
import { refusal } from '../../design/membership-actions.ts'
import { literal } from '../../sql/literal.ts'
import type { ActionDraft } from './client-function.ts'
import { type MembershipSql, type WorkerNames, conditions } from './membership-sql.ts'

/** Nobody changes their own role: whoever steps down hands over. */
export function setRoleAction(sql: MembershipSql, { refuse, lock, reach }: WorkerNames): ActionDraft {
  const { tenancy, noun, memberships, role, rank } = sql
  return {
    action: 'set_role',
    parameters: [{ name: `target_${noun}`, type: tenancy.type }, { name: 'target_user', type: 'uuid' }, { name: 'new_role', type: 'text' }],
    returns: 'boolean',
    body: [
      `  select ${lock}($1)`,
      changed(
        [`    update ${memberships} as membership`, `    set ${role} = $3`, `    where ${conditions('      ', [...somebodyElse(sql, reach), `${rank('$3')} <= (select ${reach}($1))`])}`],
        `${refuse}((select changed.done from changed limit 1), ${literal(refusal('set_role', tenancy))})`,
      ),
    ],
    says: `${managers(sql)} gives another member, whose role they have a say over, a role that they have a say over: below their own, for ${withArticle(tenancy.roles.at(-1) ?? '')} every role.`,
  }
}

export function removeAction(sql: MembershipSql, { refuse, lock, reach }: WorkerNames): ActionDraft {
  const { tenancy, noun, memberships } = sql
  return {
    action: 'remove',
    parameters: [{ name: `target_${noun}`, type: tenancy.type }, { name: 'target_user', type: 'uuid' }],
    returns: 'boolean',
    body: [
      `  select ${lock}($1)`,
      changed([`    delete from ${memberships} as membership`, `    where ${conditions('      ', somebodyElse(sql, reach))}`], `${refuse}((select changed.done from changed limit 1), ${literal(refusal('remove', tenancy))})`),
    ],
    says: `${managers(sql)} removes another member whose role is below their own; ${withArticle(tenancy.roles.at(-1) ?? '')} removes any other.`,
  }
}

export function leaveAction(sql: MembershipSql, { refuse, lock }: WorkerNames): ActionDraft {
  const { tenancy, noun, memberships, organization, user } = sql
  return {
    action: 'leave',
    parameters: [{ name: `target_${noun}`, type: tenancy.type }],
    returns: 'boolean',
    body: [
      `  select ${lock}($1)`,
      changed(
        [
          `    delete from ${memberships} as membership`,
          `    where ${conditions('      ', [`membership.${organization} = $1`, `membership.${user} = (select auth.uid())`, ...sql.isActive('membership'), ...sql.isOpen('$1'), ...sql.caller])}`,
        ],
        `${refuse}((select changed.done from changed limit 1), ${literal(refusal('leave', tenancy))})`,
      ),
    ],
    says: `Any member: the own membership ends. The last ${tenancy.roles.at(-1) ?? ''} hands over or deletes the ${noun} instead (23514).`,
  }
}

/** In one statement, so that there is no moment without a holder. A row is changed once in it: a transfer to oneself changes nothing, and is refused. */
export function transferAction(sql: MembershipSql, { refuse, lock, reach }: WorkerNames): ActionDraft {
  const { tenancy, noun, memberships, organization, user, role, strongest, top } = sql
  const next = tenancy.roles.at(-2) ?? ''
  return {
    action: 'transfer',
    parameters: [{ name: `target_${noun}`, type: tenancy.type }, { name: 'target_user', type: 'uuid' }],
    returns: 'boolean',
    body: [
      `  select ${lock}($1)`,
      [
        '  with promoted as (',
        `    update ${memberships} as membership`,
        `    set ${role} = ${strongest}`,
        `    where ${conditions('      ', [`membership.${organization} = $1`, `membership.${user} = $2`, ...sql.isActive('membership'), `(select ${reach}($1)) = ${top}`])}`,
        '    returning true as done',
        '  ),',
        '  changed as (',
        `    update ${memberships} as membership`,
        `    set ${role} = ${literal(next)}`,
        `    where ${conditions('      ', [`membership.${organization} = $1`, `membership.${user} = (select auth.uid())`, 'exists (select from promoted)'])}`,
        '    returning true as done',
        '  )',
        `  select ${refuse}((select changed.done from changed limit 1), ${literal(refusal('transfer', tenancy))})`,
      ].join('\n'),
    ],
    says: `${tenancy.roles.at(-1) ?? ''}: another member becomes ${tenancy.roles.at(-1) ?? ''}, the caller ${next}.`,
  }
}

function somebodyElse({ organization, user, role, rank }: MembershipSql, reach: string): string[] {
  return [`membership.${organization} = $1`, `membership.${user} = $2`, `membership.${user} <> (select auth.uid())`, `${rank(`membership.${role}::text`)} <= (select ${reach}($1))`]
}

function changed(statement: readonly string[], answer: string): string {
  return ['  with changed as (', ...statement, '    returning true as done', '  )', `  select ${answer}`].join('\n')
}

function managers({ tenancy: { functions, roles } }: MembershipSql): string {
  const least = functions?.managers ?? ''
  return least === roles.at(-1) ? least : `${least} and stronger:`
}
