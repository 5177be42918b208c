/** Memberships that no rule recognises: the person names the table, and its columns are proposed. */
import { findTable } from '../design/catalog.ts'
import type { CatalogTable } from '../design/catalog.ts'
import type { TenancyInput } from '../design/input.ts'
import { allowedRoles } from '../design/role-labels.ts'
import { isSystemSchema } from '../design/system-schemas.ts'
import { findChoices } from './find.ts'
import { search } from './question.ts'
import type { Asking, Choice, World } from './question.ts'

/** Undefined when no table can hold members: organisations are created then. */
export function* askMemberships({ catalog }: World): Asking<TenancyInput | undefined> {
  const candidates = catalog.tables.filter(({ kind, schema, foreignKeys }) => kind === 'table' && !isSystemSchema(schema) && foreignKeys.some(({ references }) => references.schema !== 'auth'))
  if (candidates.length === 0) return undefined
  const choices = candidates.map(({ schema, name }) => ({ value: `${schema}.${name}`, name: `${schema}.${name}` }))
  const path = yield* search({ id: 'tenancy.members', topic: 'tenancy', message: 'Which table says who is a member? (type to search)', find: (typed) => findChoices(choices, typed) })
  const [schema = '', name = ''] = path.split('.')
  const table = findTable(catalog, schema, name) as CatalogTable
  const user = yield* askColumn(table, 'user', 'Which column is the person?', /user|member|profile/)
  const organization = yield* askColumn(table, 'organization', 'Which column is the organisation?', /org|team|workspace|account|group|tenant/)
  const role = yield* askColumn(table, 'role', 'Which column is the role?', /role|level/, [{ value: '', name: 'None: all members are equal' }])
  const target = table.foreignKeys.find(({ columns }) => columns.length === 1 && columns[0] === organization)?.references
  const column = table.columns.find((candidate) => candidate.name === role)
  return {
    model: 'organization',
    column: organization,
    organizations: target ? `${target.schema}.${target.table}` : path,
    memberships: { table: path, user, organization, ...(role === '' ? {} : { role }) },
    roles: (column && allowedRoles(table, column)) ?? ['member'],
  }
}

/** The likeliest first. */
function* askColumn(table: CatalogTable, id: string, message: string, likely: RegExp, more: Choice[] = []): Asking<string> {
  const rank = ({ name }: { name: string }) => Number(likely.test(name))
  const columns = table.columns.toSorted((left, right) => rank(right) - rank(left)).map(({ name, type }) => ({ value: name, name, description: type }))
  const choices = [...columns, ...more]
  return yield* search({ id: `tenancy.members.${id}`, topic: 'tenancy', message, find: (typed) => findChoices(choices, typed) })
}
