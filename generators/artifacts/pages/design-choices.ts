/** What was chosen: by the person in the spec, and by the planner where the spec leaves one good form. */
import type { Plan } from '../../design/plan.ts'
import { code, codes, prose, table } from './markdown.ts'
import { softDeleteFunction } from '../../design/soft-delete-function.ts'
import { nameOf } from '../../planner/table-indexes.ts'

export function decisionsTable(plan: Plan): string {
  return table(['choice', 'instead of', 'because'], plan.spec.decisions.map((one) => [prose(one.choice), prose(one.insteadOf), prose(one.because)]))
}

/** One sentence for each form that the planner chose, with its reason. */
export function plannedChoices(plan: Plan): string[] {
  return [...idTypes(plan), ...tenancy(plan), ...softDeletes(plan), ...listsOfValues(plan), ...manyValued(plan)]
}

function idTypes({ tables }: Plan): string[] {
  const names = (type: string) => tables.filter((table) => table.columns.some((column) => column.origin === 'id' && column.type === type)).map((table) => table.table.name)
  const withoutId = tables.filter((table) => !table.columns.some((column) => column.origin === 'id')).map((table) => table.table)
  return [
    ...['uuid', 'bigint'].flatMap((type) => (names(type).length > 0 ? [`${codes(names(type))}: key ${code('id')} of type ${code(type)}.`] : [])),
    ...withoutId.map((table) => `${code(table.name)}: the key is ${codes(table.primaryKey)}, there is no ${code('id')}.`),
  ]
}

function tenancy({ spec, tables, tenantKeys }: Plan): string[] {
  if (spec.tenancy.model === 'none') return []
  const { column } = spec.tenancy
  const composite = tables.flatMap((table) => table.foreignKeys.filter((key) => key.tenantScoped).map((key) => key.name))
  const open = tables.filter((table) => table.table.tenantColumn === null).map((table) => table.table.name)
  return [
    spec.tenancy.model === 'organization'
      ? `Rows belong to an organisation: ${code(column)} refers to ${code(nameOf(spec.tenancy.organizations))}, and who is a member stands in ${code(nameOf(spec.tenancy.memberships.table))}.`
      : `Rows belong to a tenant: ${code(column)} is compared with ${code(spec.tenancy.claim.join('.'))} of the token.`,
    ...(composite.length > 0 ? [`Foreign keys between rows of tenants hold ${code(column)} as well (${codes(composite)}): the database refuses a reference into another tenant.`] : []),
    ...(open.length > 0 ? [`${codes(open)}: without ${code(column)}, rows belong to nobody in particular.`] : []),
    ...tenantKeys.map((key) => `${code(nameOf(key.table))} exists and first gets the key ${code(key.name)} over ${codes(key.columns)}, so that children can reference both.`),
  ]
}

function softDeletes({ tables }: Plan): string[] {
  return tables.flatMap(({ table }) => {
    if (table.softDelete === 'none') return []
    const how = table.softDelete === 'rpc' ? `clients have no DELETE and call ${code(nameOf(softDeleteFunction('delete', table)))}` : 'a trigger turns DELETE into the mark'
    return [`${code(table.name)}: deleting sets ${code('deleted_at')}; ${how}. Clients never read a marked row, and its unique keys are free again.`]
  })
}

function listsOfValues({ tables }: Plan): string[] {
  const columns = tables.flatMap((table) => table.columns.filter((column) => column.oneOf !== null).map((column) => `${table.table.name}.${column.name}`))
  return columns.length === 0 ? [] : [`Lists of values are text with a check, not an enum (${codes(columns)}): a value can be removed again, and text may become an index condition under row level security.`]
}

function manyValued({ tables }: Plan): string[] {
  const columns = tables.flatMap((table) => table.columns.filter((column) => /\[\]$|^jsonb?$/.test(column.type)).map((column) => `${table.table.name}.${column.name}`))
  return columns.length === 0 ? [] : [`More than one value in a column, not in a table of its own: ${codes(columns)}.`]
}
