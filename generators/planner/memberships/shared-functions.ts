/** What the workers call: how far a member's say reaches, the lock, the refusal, and the address of an account. Nobody calls these by name. */
import { withArticle } from '../../design/with-article.ts'
import { composedName, ident } from '../../sql/identifier.ts'
import type { FunctionDraft } from '../plan-function.ts'
import { type MembershipSql, conditions } from './membership-sql.ts'

const inner = { executableBy: [], kind: 'policy helper', file: 'rls' } as const satisfies Partial<FunctionDraft>

/** Managers reach the ranks below their own, the strongest role its own as well; nobody else reaches any. */
export function reachOfMember(sql: MembershipSql): FunctionDraft {
  const { tenancy, noun, memberships, organization, user, role, top } = sql
  const managers = tenancy.functions?.managers ?? ''
  const least = tenancy.roles.indexOf(managers) + 1
  // Below the weakest role there is none: its members reach nothing anyway.
  const isLimited = least > 2
  return {
    ...inner,
    base: composedName([noun, 'reach'], 'of'),
    arguments: `target_${noun} ${tenancy.type}, member uuid`,
    argumentTypes: `${tenancy.type}, uuid`,
    returns: 'integer',
    language: 'sql',
    volatility: 'stable',
    securityDefiner: false,
    body: [
      `  select case held.rank when ${top} then held.rank else held.rank - 1 end`,
      '  from (',
      `    select ${sql.rank(`membership.${role}::text`)} as rank`,
      `    from ${memberships} as membership`,
      `    where ${conditions('      ', [`membership.${organization} = $1`, `membership.${user} = $2`, ...sql.isActive('membership'), ...sql.isOpen('$1')])}`,
      '  ) as held',
      ...(isLimited ? [`  where held.rank >= ${least}`] : []),
    ].join('\n'),
    comment: `The strongest rank over which a member has a say (${tenancy.roles.map((one, place) => `${place + 1} = ${one}`).join(', ')}): one below the own, for the strongest the own; ${isLimited ? `null for who is less than ${managers}` : 'null for who is no member'}.`,
  }
}

/** Of the caller, as far as the token counts. */
export function reachOfCaller({ tenancy, noun, caller }: MembershipSql, reachOf: string): FunctionDraft {
  return {
    ...inner,
    base: composedName([noun], 'reach'),
    arguments: `target_${noun} ${tenancy.type}`,
    argumentTypes: tenancy.type,
    returns: 'integer',
    language: 'sql',
    volatility: 'stable',
    securityDefiner: false,
    body: [`  select ${reachOf}($1, (select auth.uid()))`, ...(caller.length === 0 ? [] : [`  where ${conditions('    ', caller)}`])].join('\n'),
    comment: 'The same for the caller; null for tokens that do not count.',
  }
}

/** The whole call fails, so that nothing of it stays; whoever may not and whatever is not there end alike. */
export const refusalFunction: FunctionDraft = {
  ...inner,
  base: 'found_or_refused',
  arguments: 'result anyelement, refusal text',
  argumentTypes: 'anyelement, text',
  returns: 'anyelement',
  language: 'plpgsql',
  volatility: 'volatile',
  securityDefiner: false,
  body: ['begin', '  if result is null then', "    raise exception using errcode = 'insufficient_privilege', message = refusal;", '  end if;', '  return result;', 'end;'].join('\n'),
  comment: 'Gives back what was found; where there is nothing, the call is refused.',
}

/** What a member may is looked at after the lock, in a statement of its own, so that it is what holds then. */
export function lockFunction({ tenancy, noun, organizations }: MembershipSql): FunctionDraft {
  return {
    ...inner,
    base: composedName(['lock'], noun),
    arguments: `target_${noun} ${tenancy.type}`,
    argumentTypes: tenancy.type,
    returns: 'void',
    language: 'plpgsql',
    volatility: 'volatile',
    securityDefiner: false,
    body: ['begin', `  perform from ${organizations} as home where home.${ident(tenancy.organizationKey)} = $1 for no key update;`, 'end;'].join('\n'),
    comment: `Calls that change who belongs to ${withArticle(noun)} follow one another.`,
  }
}

/** An address that nobody has confirmed proves nothing. Policies call it as the caller, who cannot read the accounts. */
export const confirmedEmail: FunctionDraft = {
  base: 'confirmed_email',
  arguments: '',
  argumentTypes: '',
  returns: 'text',
  language: 'plpgsql',
  volatility: 'stable',
  securityDefiner: true,
  body: ['begin', '  return (', '    select lower(account.email)', '    from auth.users as account', '    where account.id = (select auth.uid())', '      and account.email_confirmed_at is not null', '  );', 'end;'].join('\n'),
  comment: "The caller's address in lower case, once the account has confirmed it.",
  executableBy: ['authenticated'],
  kind: 'policy helper',
  file: 'rls',
}
