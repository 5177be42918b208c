/** Invitations as tables of the design: what members and invited people see, and the hashes that nobody does. */
import type { ForeignKeySpec } from '../../key-spec.ts'
import type { OrganizationTenancy, TableSpec } from '../../spec.ts'
import { idColumn, plainColumn, timestampColumns } from '../tables/added-columns.ts'
import { emptyTable } from '../table-draft.ts'
import { composedName, ident } from '../../../sql/identifier.ts'

const users = { schema: 'auth', name: 'users' }

/** None where nobody can be invited. */
export function invitationTables(tenancy: OrganizationTenancy): TableSpec[] {
  const { functions, organizations, organizationKey, memberships, roles, type } = tenancy
  if (!functions?.invitations) return []
  const { table, tokens } = functions.invitations
  const { organization } = memberships
  const names = invitationColumns(tenancy)
  const goesWith = (column: string, target: ForeignKeySpec['references'], because: string): ForeignKeySpec => ({ columns: [column], references: target, onDelete: 'cascade', because, deferrable: false })
  const empty = emptyTable(table.schema, table.name)
  const nobody = { own: 'nobody', any: 'nobody' } as const
  return [
    {
      ...empty,
      about: 'An invitation that has not been accepted: its acceptance, or taking it back, removes the row.',
      columns: [
        idColumn('uuid'),
        plainColumn(organization, type, 'tenant'),
        plainColumn(names.role, 'text', 'declared', { oneOf: roles }),
        plainColumn(names.email, 'text', 'declared', { nullable: true, check: `${names.email} = lower(${names.email}) and ${names.email} ~ '^[^@[:space:]]+@[^@[:space:]]+$'`, pii: 'direct', erase: 'delete', comment: 'Only an account with this address, confirmed, can accept.' }),
        plainColumn(names.user, 'uuid', 'owner', { nullable: true, comment: 'Only this user can accept.' }),
        plainColumn(names.inviter, 'uuid', 'declared', { nullable: true, comment: 'The invitation is worth what this member may give; null when the service wrote it.' }),
        plainColumn(names.expires, 'timestamptz', 'declared'),
        ...timestampColumns(),
      ],
      primaryKey: ['id'],
      uniques: [names.email, names.user].map((column) => ({ columns: [column], where: null, nullsNotDistinct: false, global: false })),
      foreignKeys: [
        goesWith(organization, { table: organizations, columns: [organizationKey] }, 'an invitation means nothing without its organisation'),
        goesWith(names.user, { table: users, columns: ['id'] }, 'nobody else can accept it'),
        goesWith(names.inviter, { table: users, columns: ['id'] }, 'an invitation is worth what its inviter may give'),
      ],
      checks: [{ name: composedName([table.name, 'addressee'], 'check'), sql: `num_nonnulls(${names.email}, ${ident(names.user)}) <= 1` }],
      tenantColumn: organization,
      ownerColumn: names.user,
      addressee: names.email,
      timestamps: true,
      access: { ...empty.access, pattern: 'org_roles', select: { own: 'signed_in', any: { role: functions.managers } } },
      kind: 'invitations',
    },
    {
      ...emptyTable(tokens.schema, tokens.name),
      about: 'The hash of what an invited person holds. Only the functions of the design read it.',
      columns: [plainColumn('invitation_id', 'uuid', 'declared'), plainColumn('token_hash', 'text', 'declared', { check: 'char_length(token_hash) = 64', pii: 'secret', erase: 'delete' })],
      primaryKey: ['invitation_id'],
      uniques: [{ columns: ['token_hash'], where: null, nullsNotDistinct: false, global: true }],
      foreignKeys: [goesWith('invitation_id', { table, columns: ['id'] }, 'it opens nothing without its invitation')],
      access: { ...empty.access, pattern: 'service_only', select: nobody, insert: nobody, update: nobody, delete: nobody },
      kind: 'invitation tokens',
    },
  ]
}

/** Columns of the invitations; the tenancy's own names are not taken twice. */
export function invitationColumns({ memberships }: Pick<OrganizationTenancy, 'memberships'>): Record<'role' | 'email' | 'user' | 'inviter' | 'expires', string> {
  return { role: memberships.role ?? 'role', email: 'email', user: memberships.user, inviter: 'invited_by', expires: 'expires_at' }
}
