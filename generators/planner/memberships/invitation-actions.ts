/** invite, accept, revoke. The token is shown once, to the inviter; what is stored is its hash. */
import { refusal } from '../../design/membership-actions.ts'
import { isSignedIn } from '../../patterns/owner.ts'
import { qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import type { ActionDraft } from './client-function.ts'
import { type MembershipSql, type WorkerNames, conditions } from './membership-sql.ts'

/** 244 random bits of the server's own; pgcrypto is not needed. */
const newToken = "replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')"
const hashOf = (token: string) => `encode(sha256(convert_to(${token}, 'UTF8')), 'hex')`

export function inviteAction(sql: MembershipSql, { refuse, lock, reach }: WorkerNames): ActionDraft {
  const { tenancy, noun, organization, rank, invitation } = sql
  const { table, tokens, expires } = invitationsOf(sql)
  return {
    action: 'invite',
    parameters: [{ name: `target_${noun}`, type: tenancy.type }, { name: 'new_role', type: 'text' }, { name: 'invited_email', type: 'text', optional: true }, { name: 'invited_user', type: 'uuid', optional: true }],
    returns: 'text',
    body: [
      `  select ${lock}($1)`,
      [
        '  with secret as materialized (',
        `    select ${newToken} as token`,
        '  ),',
        '  invited as (',
        `    insert into ${table} (${organization}, ${invitation.role}, ${invitation.email}, ${invitation.user}, ${invitation.inviter}, ${invitation.expires})`,
        `    select $1, $2, lower($3), $4, (select auth.uid()), now() + interval ${literal(expires)}`,
        `    where ${rank('$2')} <= (select ${reach}($1))`,
        '    returning id',
        '  ),',
        '  kept as (',
        `    insert into ${tokens} (invitation_id, token_hash)`,
        `    select invited.id, ${hashOf('secret.token')} from invited, secret`,
        '  )',
        `  select ${refuse}((select secret.token from invited, secret), ${literal(refusal('invite', tenancy))})`,
      ].join('\n'),
    ],
    says: `${tenancy.functions?.managers ?? ''} and stronger: an invitation for an address, for a user, or for whoever holds its token, with a role that the caller has a say over. Gives the token, once; it is good for ${expires}. One invitation for each address or user at a time (23505).`,
  }
}

/** The row goes, so an invitation is good once: of two at a time, the second waits and finds nothing. */
export function acceptAction(sql: MembershipSql, { refuse, reachOf, confirmedEmail }: WorkerNames): ActionDraft {
  const { tenancy, memberships, organization, user, role, rank, invitation } = sql
  const { table, tokens } = invitationsOf(sql)
  const theirs = [
    `(invitation.${invitation.user} is null or invitation.${invitation.user} = (select auth.uid()))`,
    `(invitation.${invitation.email} is null or invitation.${invitation.email} = (select ${confirmedEmail}()))`,
    `(invitation.${invitation.inviter} is null or ${rank(`invitation.${invitation.role}::text`)} <= ${reachOf}(invitation.${organization}, invitation.${invitation.inviter}))`,
  ]
  return {
    action: 'accept',
    parameters: [{ name: 'invitation_token', type: 'text' }],
    returns: tenancy.type,
    body: [
      [
        '  with accepted as (',
        `    delete from ${table} as invitation`,
        `    using ${tokens} as token`,
        `    where ${conditions('      ', [
          'token.invitation_id = invitation.id',
          `token.token_hash = ${hashOf('$1')}`,
          `invitation.${invitation.expires} > now()`,
          ...theirs,
          ...sql.isOpen(`invitation.${organization}`),
          isSignedIn,
          ...sql.caller,
        ])}`,
        `    returning invitation.${organization}, invitation.${invitation.role}`,
        '  ),',
        '  joined as (',
        `    insert into ${memberships} (${organization}, ${user}, ${role})`,
        `    select accepted.${organization}, (select auth.uid()), accepted.${invitation.role} from accepted`,
        '    on conflict do nothing',
        `    returning ${organization}`,
        '  )',
        `  select ${refuse}((select joined.${organization} from joined limit 1), ${literal(refusal('accept', tenancy))})`,
      ].join('\n'),
    ],
    says: `Whoever holds the token and is whom the invitation is for (their user, or their confirmed address): membership with its role. Good once, until it expires, and as long as its inviter could still give that role. Refused to members.`,
  }
}

export function revokeAction(sql: MembershipSql, { refuse, reach }: WorkerNames): ActionDraft {
  const { tenancy, organization, rank, invitation } = sql
  const { table } = invitationsOf(sql)
  return {
    action: 'revoke',
    parameters: [{ name: 'target_invitation', type: 'uuid' }],
    returns: 'boolean',
    body: [
      [
        '  with changed as (',
        `    delete from ${table} as invitation`,
        `    where ${conditions('      ', ['invitation.id = $1', `${rank(`invitation.${invitation.role}::text`)} <= ${reach}(invitation.${organization})`])}`,
        '    returning true as done',
        '  )',
        `  select ${refuse}((select changed.done from changed limit 1), ${literal(refusal('revoke', tenancy))})`,
      ].join('\n'),
    ],
    says: `${tenancy.functions?.managers ?? ''} and stronger: takes an invitation back whose role the caller has a say over.`,
  }
}

function invitationsOf({ tenancy: { functions } }: MembershipSql): { table: string; tokens: string; expires: string } {
  if (!functions?.invitations) throw new Error('Nobody can be invited.')
  const { table, tokens, expires } = functions.invitations
  return { table: qualified(table), tokens: qualified(tokens), expires: expires.text }
}
