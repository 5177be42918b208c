/** create, delete: the organisation itself. */
import { refusal } from '../../design/membership-actions.ts'
import { isSignedIn } from '../../patterns/owner.ts'
import { ident } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import type { ActionDraft } from './client-function.ts'
import { type MembershipSql, type WorkerNames, conditions } from './membership-sql.ts'

export function createAction(sql: MembershipSql, { refuse }: WorkerNames): ActionDraft {
  const { tenancy, noun, organizations, memberships, organization, user, role, strongest, caller } = sql
  const key = ident(tenancy.organizationKey)
  return {
    action: 'create',
    parameters: [{ name: 'new_name', type: 'text' }, { name: 'new_slug', type: 'text' }],
    returns: tenancy.type,
    body: [
      [
        '  with created as (',
        `    insert into ${organizations} (name, slug)`,
        '    select $1, $2',
        `    where ${conditions('      ', [isSignedIn, ...caller])}`,
        `    returning ${key}`,
        '  ),',
        '  joined as (',
        `    insert into ${memberships} (${organization}, ${user}, ${role})`,
        `    select created.${key}, (select auth.uid()), ${strongest} from created`,
        `    returning ${organization}`,
        '  )',
        `  select ${refuse}((select joined.${organization} from joined), ${literal(refusal('create', tenancy))})`,
      ].join('\n'),
    ],
    says: `Any user: a new ${noun}, in which the caller is ${tenancy.roles.at(-1) ?? ''}. Gives its key. A slug that is taken is refused as a double key (23505).`,
  }
}

/** The mark is the service's to take back. */
export function deleteAction(sql: MembershipSql, { refuse, lock, reach }: WorkerNames): ActionDraft {
  const { tenancy, noun, organizations, top } = sql
  return {
    action: 'delete',
    parameters: [{ name: `target_${noun}`, type: tenancy.type }],
    returns: 'boolean',
    body: [
      `  select ${lock}($1)`,
      [
        '  with changed as (',
        `    update ${organizations}`,
        `    set ${ident(tenancy.organizationDeleted ?? 'deleted_at')} = now()`,
        `    where ${conditions('      ', [`${ident(tenancy.organizationKey)} = $1`, `(select ${reach}($1)) = ${top}`])}`,
        '    returning true as done',
        '  )',
        `  select ${refuse}((select changed.done from changed limit 1), ${literal(refusal('delete', tenancy))})`,
      ].join('\n'),
    ],
    says: `${tenancy.roles.at(-1) ?? ''}: marks the ${noun} as deleted; from then on its members reach nothing of it. Only the service takes that back.`,
  }
}
