/** Organisations and memberships that are there already. */
import { type Catalog, type CatalogColumn, type CatalogTable, findTable } from '../../catalog.ts'
import { typeOfText } from '../tables/column-types.ts'
import type { TenancyInput } from '../../input.ts'
import { readExpression } from '../read-expression.ts'
import { type Reading, readName, readQualifiedName } from '../reading.ts'
import { allowedRoles } from '../../role-labels.ts'
import type { Path } from '../../source.ts'
import type { OrganizationTenancy } from '../../spec.ts'

const path: Path = ['tenancy']

/** Null after issues that leave nothing to build on. */
export function existingTenancy(reading: Reading, input: TenancyInput, column: string, roles: string[]): OrganizationTenancy | null {
  const organizations = readTable(reading, input.organizations, 'organizations')
  const memberships = readMemberships(reading, input)
  if (!organizations || !memberships) return null
  const key = organizationKey(reading, organizations)
  if (!key) return null
  checkMemberships(reading, memberships, key, input.roles ?? [])
  const { table, user, organization, role } = memberships
  if (!user || !organization) return null
  const deleted = organizations.columns.find((candidate) => candidate.name === 'deleted_at' && candidate.nullable && candidate.type.startsWith('timestamp'))
  const names = { user: user.name, organization: organization.name, role: role?.name ?? null }
  return {
    model: 'organization',
    column,
    type: key.type,
    organizations: { schema: organizations.schema, name: organizations.name },
    organizationKey: key.name,
    organizationDeleted: deleted?.name ?? null,
    memberships: { table: { schema: table.schema, name: table.name }, ...names, where: memberships.where },
    roles,
    create: false,
  }
}

function readTable(reading: Reading, written: string | undefined, key: string, parent: Path = path): CatalogTable | null {
  const { issues, catalog } = reading
  if (written === undefined) {
    issues.add({
      code: 'SPEC_MISSING_KEY', path: parent, key: true,
      message: `"${String(parent.at(-1))}" needs the key "${key}".`,
      remedy: 'Name the existing table, or write: create: true',
    })
    return null
  }
  const place = [...parent, key]
  const name = readQualifiedName(reading, place, written)
  const table = name && findTable(catalog, name.schema, name.name)
  if (table && (table.kind === 'table' || table.kind === 'partitioned')) return table
  if (table) issues.add({ code: 'SPEC_CONFLICT', path: place, message: `"${written}" is a ${table.kind}, not a table.`, remedy: 'Name the table that it reads.' })
  else if (name)
    issues.unknown({
      path: place, what: 'table', name: `${name.schema}.${name.name}`, known: catalog.tables.map((candidate) => `${candidate.schema}.${candidate.name}`),
    })
  return null
}

interface Memberships {
  table: CatalogTable
  user: CatalogColumn | null
  organization: CatalogColumn | null
  role: CatalogColumn | null
  where: string | null
}

function readMemberships(reading: Reading, { memberships: input = {} }: TenancyInput): Memberships | null {
  const parent = [...path, 'memberships']
  const table = reading.input.tenancy?.memberships ? readTable(reading, input.table, 'table', parent) : readTable(reading, undefined, 'memberships')
  if (!table) return null
  const column = (key: 'user' | 'organization' | 'role', fallback: string | null) => readColumn(reading, table, [...parent, key], input[key] ?? fallback)
  return {
    table,
    user: column('user', 'user_id'),
    organization: column('organization', reading.input.tenancy?.column ?? 'org_id'),
    role: column('role', null),
    where: readExpression(reading, [...parent, 'where'], { table, columns: table.columns.map((candidate) => candidate.name) })?.sql ?? null,
  }
}

function readColumn(reading: Reading, table: CatalogTable, place: Path, written: string | null): CatalogColumn | null {
  const name = written === null ? null : readName(reading, place, written)
  if (name === null) return null
  const column = table.columns.find((candidate) => candidate.name === name)
  if (!column)
    reading.issues.unknown({
      path: place, what: `column of "${table.schema}.${table.name}" called`, name, known: table.columns.map((candidate) => candidate.name),
    })
  return column ?? null
}

function organizationKey({ issues }: Reading, organizations: CatalogTable): CatalogColumn | null {
  const [name, second] = organizations.primaryKey
  const key = organizations.columns.find((column) => column.name === name)
  if (key && second === undefined) return key
  issues.add({
    code: 'SPEC_CONFLICT', path: [...path, 'organizations'],
    message: `"${organizations.schema}.${organizations.name}" needs a primary key of one column.`,
    remedy: 'Name the table whose key is the id of an organisation.',
  })
  return null
}

function checkMemberships({ issues, catalog }: Reading, { table, user, organization, role }: Memberships, key: CatalogColumn, roles: string[]): void {
  const parent = [...path, 'memberships']
  const mismatch = (place: string, column: CatalogColumn, wanted: string) =>
    issues.add({
      code: 'SPEC_CONFLICT', path: [...parent, place],
      message: `"${column.name}" of "${table.schema}.${table.name}" is ${column.type}, and must be ${wanted}.`,
      remedy: `Name another column: ${place}: <one of ${table.columns.map((candidate) => candidate.name).join(', ')}>`,
    })
  if (user && user.type !== 'uuid') mismatch('user', user, 'uuid, as the ids of users are')
  if (organization && organization.type !== key.type) mismatch('organization', organization, `${key.type}, as the key of the organisations is`)
  if (role && !isRoleType(role, catalog)) mismatch('role', role, 'a text or an enum')
  const allowed = role && allowedRoles(table, role)
  for (const [index, name] of roles.entries())
    if (allowed && !allowed.includes(name))
      issues.add({
        code: 'SPEC_VALUE', path: [...path, 'roles', index],
        message: `No membership can have the role "${name}": "${role.name}" of "${table.schema}.${table.name}" allows ${allowed.join(', ')}.`,
        remedy: `Use those of: ${allowed.join(', ')}.`,
      })
}

function isRoleType(role: CatalogColumn, catalog: Catalog): boolean {
  if (role.type.endsWith('[]')) return false
  return role.enumLabels !== null || ['text', 'varchar', 'citext', 'bpchar', 'name'].includes(typeOfText(role.type, catalog).name)
}
