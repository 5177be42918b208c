/** `\d` and `\d <table>`, from the catalog. */
import type { Catalog, CatalogPolicy, CatalogTable } from '../../design/catalog.ts'
import { isSystemSchema } from '../../design/system-schemas.ts'
import { formatRows } from '../../terminal/rows-table.ts'

/** Without a name the list of the repository's own tables. */
export function describeTable(catalog: Catalog, name: string): string {
  if (name === '') return formatRows(catalog.tables.filter(({ schema }) => !isSystemSchema(schema)).map(({ schema, name, kind, comment }) => ({ schema, name, kind, comment })))
  const found = catalog.tables.filter((table) => name === table.name || name === `${table.schema}.${table.name}`)
  return found.length > 0 ? found.map(description).join('\n\n') : `There is no table "${name}".`
}

function description(table: CatalogTable): string {
  const columns = table.columns.map(({ name, type, nullable, default: value }) => ({ column: name, type, nullable: nullable ? '' : 'not null', default: value }))
  const references = table.foreignKeys.map(({ columns, references: to }) => `${columns.join(', ')} → ${to.schema}.${to.table} (${to.columns.join(', ')})`)
  return [
    `${table.kind} ${table.schema}.${table.name}${table.rowSecurity ? '' : ', without row level security'}`,
    formatRows(columns).replace(/\n\(\d+ rows?\)$/, ''),
    ...section('Indexes', table.indexes.map(({ definition }) => definition)),
    ...section('References', references),
    ...section('Policies', table.policies.map(policyLine)),
    ...section('Granted', table.privileges.map(({ role, privileges }) => `${role}: ${privileges.join(', ')}`)),
  ].join('\n')
}

function policyLine({ name, command, roles, using, check }: CatalogPolicy): string {
  return [`${name}: ${command} to ${roles.join(', ')}`, using && `using ${using}`, check && `with check ${check}`].filter(Boolean).join(' ')
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)]
}
