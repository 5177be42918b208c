/** `tenancy.create`: organisations and memberships as tables of this design. */
import { deletedAtColumn, idColumn, plainColumn, timestampColumns } from '../tables/added-columns.ts'
import { type Catalog, findTable } from '../../catalog.ts'
import { typeOfText } from '../tables/column-types.ts'
import type { TenancyInput } from '../../input.ts'
import { readExpression } from '../read-expression.ts'
import { invitationTables } from './invitation-tables.ts'
import { readFunctions } from './read-functions.ts'
import { type Reading, readName, readQualifiedName } from '../reading.ts'
import type { Path } from '../../source.ts'
import type { OrganizationTenancy, TableSpec } from '../../spec.ts'
import { isSystemSchema } from '../../system-schemas.ts'
import { ident, type QualifiedName } from '../../../sql/identifier.ts'
import { type TableDraft, emptyTable } from '../table-draft.ts'

const path: Path = ['tenancy']

/** Null after issues that leave nothing to build on. */
export function createdTenancy(reading: Reading, input: TenancyInput, column: string, roles: string[]): OrganizationTenancy | null {
  const { memberships = {} } = input
  const inside = [...path, 'memberships']
  const organizations = newTable(reading, [...path, 'organizations'], input.organizations ?? 'organizations')
  const table = newTable(reading, [...inside, 'table'], memberships.table ?? 'org_memberships')
  const user = readName(reading, [...inside, 'user'], memberships.user ?? 'user_id')
  const organization = readName(reading, [...inside, 'organization'], memberships.organization ?? column)
  const role = readName(reading, [...inside, 'role'], memberships.role ?? 'role')
  if (!organizations || !table || user === null || organization === null || role === null) return null
  if (organizations.schema === table.schema && organizations.name === table.name) {
    reading.issues.add({
      code: 'SPEC_DUPLICATE', path: inside, key: true,
      message: `"${table.schema}.${table.name}" cannot be the table of the organisations and of their memberships.`,
      remedy: `Write for example: memberships: { table: ${table.schema}.${table.name}_members }`,
    })
    return null
  }
  const taken = [user, organization, role, 'created_at', 'updated_at']
  // The invitations have the same columns and these.
  const all = [...taken, ...(input.functions === false ? [] : ['id', 'email', 'invited_by', 'expires_at'])]
  if (new Set(all).size < all.length) {
    reading.issues.add({
      code: 'SPEC_DUPLICATE', path: inside, key: true,
      message: `Two columns of "${table.name}"${all.length > taken.length ? ' or of the invitations' : ''} would have the same name.`,
      remedy: 'Name them apart: memberships: { user: user_id, organization: org_id, role: role }',
    })
    return null
  }
  const where = readExpression(reading, [...inside, 'where'], { table, columns: taken })?.sql ?? null
  const tenancy: OrganizationTenancy = {
    model: 'organization',
    column,
    type: reading.habits.idType,
    organizations,
    organizationKey: 'id',
    organizationDeleted: 'deleted_at',
    memberships: { table, user, organization, role, where },
    roles,
    create: true,
  }
  const functions = readFunctions(reading, input, tenancy, (place, written) => newTable(reading, place, written))
  return functions ? { ...tenancy, functions } : tenancy
}

/** Organisations first, then what refers to them. */
export function createdTables(tenancy: OrganizationTenancy, catalog: Catalog): TableDraft[] {
  return [organizationsTable(tenancy), membershipsTable(tenancy), ...invitationTables(tenancy)].map((spec) => ({
    path: [...path, 'create'],
    input: null,
    spec,
    types: new Map(spec.columns.map((column) => [column.name, typeOfText(column.type, catalog)])),
    columnPaths: new Map(),
  }))
}

function newTable(reading: Reading, place: Path, written: string): QualifiedName | null {
  const { issues, catalog } = reading
  const name = readQualifiedName(reading, place, written)
  if (!name) return null
  const existing = findTable(catalog, name.schema, name.name)
  if (existing)
    issues.add({
      code: 'SPEC_DUPLICATE', path: place,
      message: `A ${existing.kind} "${name.schema}.${name.name}" exists already.`,
      remedy: 'To use what exists, remove: create: true',
    })
  if (isSystemSchema(name.schema))
    issues.add({
      code: 'SPEC_VALUE', path: place,
      message: `The schema "${name.schema}" belongs to Supabase or Postgres.`,
      remedy: 'Put the table into a schema of your own.',
    })
  return name
}

function membersOnly(tenancy: OrganizationTenancy): TableSpec['access'] {
  const { access } = emptyTable('', '')
  const member = { role: tenancy.roles[0] ?? '' }
  return { ...access, pattern: 'org_member', select: { own: member, any: member } }
}

function organizationsTable(tenancy: OrganizationTenancy): TableSpec {
  const { organizations, type } = tenancy
  return {
    ...emptyTable(organizations.schema, organizations.name),
    about: 'An organisation whose members work together.',
    columns: [
      idColumn(type === 'bigint' ? 'bigint' : 'uuid'),
      plainColumn('name', 'text', 'declared', { check: 'char_length(name) between 1 and 200' }),
      plainColumn('slug', 'text', 'declared', { check: "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'" }),
      ...timestampColumns(),
      deletedAtColumn(),
    ],
    primaryKey: ['id'],
    uniques: [{ columns: ['slug'], where: null, nullsNotDistinct: false, global: true }],
    tenantColumn: 'id',
    timestamps: true,
    access: membersOnly(tenancy),
    kind: 'organizations',
  }
}

function membershipsTable(tenancy: OrganizationTenancy): TableSpec {
  const { memberships, organizations, organizationKey, type, roles } = tenancy
  const { table, user, organization } = memberships
  const role = memberships.role ?? 'role'
  return {
    ...emptyTable(table.schema, table.name),
    about: `Who belongs to an organisation, with which ${ident(role)}.`,
    columns: [
      plainColumn(organization, type, 'tenant'),
      plainColumn(user, 'uuid', 'declared'),
      plainColumn(role, 'text', 'declared', { oneOf: roles }),
      ...timestampColumns(),
    ],
    primaryKey: [organization, user],
    foreignKeys: [
      {
        columns: [organization],
        references: { table: organizations, columns: [organizationKey] },
        onDelete: 'cascade',
        because: 'a membership means nothing without its organisation',
        deferrable: false,
      },
      {
        columns: [user],
        references: { table: { schema: 'auth', name: 'users' }, columns: ['id'] },
        onDelete: 'cascade',
        because: 'a membership means nothing without its user',
        deferrable: false,
      },
    ],
    tenantColumn: organization,
    timestamps: true,
    access: membersOnly(tenancy),
    kind: 'memberships',
  }
}
