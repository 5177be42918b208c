/** The columns of a new table, each with what may stand in it and who writes it. */
import type { Plan, TablePlan } from '../../design/plan.ts'
import type { ColumnSpec } from '../../design/spec.ts'
import { code, codes, prose, table } from './markdown.ts'
import { nameOf } from '../../planner/table-indexes.ts'

export function columnsTable(planned: TablePlan, plan: Plan): string {
  return table(
    ['column', 'type', 'null', 'default', 'meaning', 'PII'],
    planned.columns.map((column) => [code(column.name), code(column.type), column.nullable ? 'yes' : 'no', defaultOf(column), meaning(column, planned, plan), privacy(column)]),
  )
}

function defaultOf(column: ColumnSpec): string {
  if (column.identity) return 'identity'
  if (column.generated !== null) return `always ${code(column.generated)}`
  return column.default === null ? '' : code(column.default)
}

function meaning(column: ColumnSpec, planned: TablePlan, plan: Plan): string {
  const parents = planned.foreignKeys.filter((key) => key.columns.includes(column.name) && (key.columns.length === 1 || column.origin !== 'tenant'))
  const checks = planned.checks.filter((check) => column.oneOf === null && check.columns.length === 1 && check.columns[0] === column.name)
  return [
    ...(column.comment === null ? [] : [sentence(prose(column.comment))]),
    ...origin(column, plan),
    ...parents.map((key) => `References ${code(nameOf(key.references.table))}${together(key.columns, column)}.`),
    ...(column.oneOf === null ? [] : [`One of ${codes(column.oneOf)}.`]),
    ...checks.map((check) => `Check: ${code(check.sql)}.`),
    ...(column.immutable ? ['Never changed by a client.'] : []),
    ...(column.serverOnly ? ['Written by the service only.'] : []),
  ].join(' ')
}

/** The other columns of a composite key. */
function together(columns: readonly string[], { name }: ColumnSpec): string {
  const others = columns.filter((column) => column !== name)
  return others.length === 0 ? '' : ` together with ${codes(others)}`
}

function origin(column: ColumnSpec, plan: Plan): string[] {
  switch (column.origin) {
    case 'tenant':
      return [plan.spec.tenancy.model === 'organization' ? 'The organisation that the row belongs to.' : 'The tenant that the row belongs to.']
    case 'owner':
      return ['The user who owns the row.']
    case 'soft_delete':
      return ['Set when the row was deleted; clients no longer see it.']
    case 'timestamp':
      return [column.name === 'updated_at' ? 'Kept by trigger.' : 'When the row was inserted.']
    case 'audit':
      return ['Kept by trigger: the user of the token, null for the service.']
    case 'file':
      return column.comment === null ? ['Metadata of the stored file.'] : []
    default:
      return []
  }
}

function privacy({ pii, erase }: ColumnSpec): string {
  return pii === null ? '' : erase === null ? pii : `${pii}, on erasure: ${erase}`
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
