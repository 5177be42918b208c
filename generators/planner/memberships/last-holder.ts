/** The guard of memberships: an organisation that has a holder of the strongest role keeps one, whoever writes. */
import { withArticle } from '../../design/with-article.ts'
import { lastHolderMessage } from '../../design/membership-actions.ts'
import { composedName, ident } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import { type FunctionDraft, triggerFunction } from '../plan-function.ts'
import { type MembershipSql, conditions } from './membership-sql.ts'

/**
 * Two writes that each look right alone must not take the last two holders together: before a holder's row changes, the
 * organisation is locked, so the second looks after the first has ended. Under REPEATABLE READ it would still see the old
 * rows; locking those that count makes it fail (40001) instead.
 */
export function lastHolderTriggers(sql: MembershipSql): { lock: FunctionDraft; guard: FunctionDraft } {
  const { memberships, organizations, organization, role, strongest, tenancy, noun } = sql
  const key = ident(tenancy.organizationKey)
  const table = tenancy.memberships.table.name
  return {
    lock: triggerFunction({
      base: composedName(['lock', noun, 'of'], 'holder'),
      securityDefiner: true,
      body: [
        'begin',
        `  if old.${role} = ${strongest} then`,
        `    perform from ${organizations} as home where home.${key} = old.${organization} for no key update;`,
        '  end if;',
        "  return case tg_op when 'DELETE' then old else new end;",
        'end;',
      ].join('\n'),
      comment: `Before ${withArticle(tenancy.roles.at(-1) ?? '')} is changed or removed, the ${noun} is locked: two such writes follow one another.`,
    }),
    guard: triggerFunction({
      base: composedName(['keep', 'last', noun], 'holder'),
      securityDefiner: true,
      body: [
        'begin',
        `  if ${conditions('    ', [`old.${role} = ${strongest}`, ...sql.isActive('old'), ...sql.isOpen(`old.${organization}`)])} then`,
        `    perform from ${memberships} as membership`,
        `    where ${conditions('      ', [`membership.${organization} = old.${organization}`, `membership.${role} = ${strongest}`, ...sql.isActive('membership')])}`,
        '    limit 1 for share;',
        '    if not found then',
        `      raise exception using errcode = 'check_violation', message = ${literal(lastHolderMessage(tenancy))},`,
        `        table = ${literal(table)}, hint = ${literal(`Give the role ${tenancy.roles.at(-1) ?? ''} to another member first, or delete the ${noun}.`)};`,
        '    end if;',
        '  end if;',
        '  return null;',
        'end;',
      ].join('\n'),
      comment: `An open ${noun} that has ${withArticle(tenancy.roles.at(-1) ?? '')} keeps one: roles taken, rows deleted, moved or removed with their user.`,
    }),
  }
}
