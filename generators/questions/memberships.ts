/** Finds organisations and their members in a repository that has them, whatever they are called. */
import type { Catalog, CatalogColumn, CatalogTable } from '../design/catalog.ts'
import { isSystemSchema } from '../design/system-schemas.ts'
import type { TenancyInput } from '../design/input.ts'

/** Weakest first; names that are not here keep their place. */
const strength = ['guest', 'viewer', 'reader', 'member', 'contributor', 'author', 'editor', 'moderator', 'manager', 'admin', 'owner']

/** The tenancy that the catalog suggests, best first. */
export function findMemberships(catalog: Catalog): TenancyInput[] {
  const tables = catalog.tables.filter(({ schema, kind }) => kind === 'table' && !isSystemSchema(schema))
  return tables
    .flatMap((table) => tenancyOf(table, tables))
    .toSorted((left, right) => score(right) - score(left))
    .map(({ tenancy }) => tenancy)
}

interface Candidate {
  tenancy: TenancyInput
  named: boolean
  withRole: boolean
}

function score({ named, withRole }: Candidate): number {
  return Number(named) * 2 + Number(withRole)
}

function tenancyOf(table: CatalogTable, tables: CatalogTable[]): Candidate[] {
  const single = table.foreignKeys.filter(({ columns }) => columns.length === 1)
  const user = single.find(({ references, columns }) => references.schema === 'auth' && references.table === 'users' && /user|member|profile|account/.test(columns[0] ?? ''))
  const organization = single.find(({ references }) => /(^|_)(org|organi[sz]ation|team|workspace|compan|account|tenant|group|club)/.test(references.table))
  if (!user || !organization) return []
  const pair = [user.columns[0], organization.columns[0]]
  if (!table.uniques.some(({ columns }) => columns.length === 2 && columns.every((column) => pair.includes(column)))) return []
  const target = tables.find(({ schema, name }) => schema === organization.references.schema && name === organization.references.table)
  if (!target) return []
  const role = table.columns.find(({ name }) => /(^|_)role$/.test(name))
  const roles = role ? rolesOf(role, table, catalogLabels(role)) : []
  const status = table.columns.find(({ name }) => name === 'status')
  const isActive = status && checkValues(status, table).includes('active')
  return [
    {
      named: /member/.test(table.name),
      withRole: roles.length > 0,
      tenancy: {
        model: 'organization',
        column: organization.columns[0] ?? 'org_id',
        organizations: `${target.schema}.${target.name}`,
        memberships: {
          table: `${table.schema}.${table.name}`,
          user: user.columns[0] ?? 'user_id',
          organization: organization.columns[0] ?? 'org_id',
          ...(role && roles.length > 0 ? { role: role.name } : {}),
          ...(isActive ? { where: "status = 'active'" } : {}),
        },
        roles: roles.length > 0 ? roles : ['member'],
      },
    },
  ]
}

function catalogLabels(column: CatalogColumn): string[] {
  return column.enumLabels ?? []
}

function rolesOf(role: CatalogColumn, table: CatalogTable, labels: string[]): string[] {
  const values = labels.length > 0 ? labels : checkValues(role, table)
  const known = values.filter((value) => strength.includes(value))
  // An order that the names do not tell stays as written: the person is asked.
  return known.length === values.length ? values.toSorted((left, right) => strength.indexOf(left) - strength.indexOf(right)) : values
}

/** Texts that a check on this column compares with. Only an offer: the person confirms it. */
function checkValues(column: CatalogColumn, table: CatalogTable): string[] {
  const check = table.checks.find(({ expression }) => new RegExp(`\\b${column.name}\\b`).test(expression) && expression.includes("'"))
  return [...(check?.expression ?? '').matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text.replaceAll("''", "'"))
}
