/** The columns that say whose a row is: of which tenant, and of which user. */
import { ownerColumn, plainColumn } from './added-columns.ts'
import { typeOfText } from './column-types.ts'
import { ownerNeedOf } from './normalize-access.ts'
import type { Reading } from '../reading.ts'
import type { ColumnSpec, Tenancy } from '../../spec.ts'
import type { TableDraft } from '../table-draft.ts'

/** Tenancy and owner: used as declared when they are, added otherwise. */
export function scopeColumns(reading: Reading, draft: TableDraft, tenancy: Tenancy): { tenant: ColumnSpec[]; owner: ColumnSpec[] } {
  const { spec, input, columnPaths } = draft
  const need = input ? ownerNeedOf(input.access) : null
  const declared = { owner: columnPaths.has('owner_id'), tenant: spec.tenantColumn !== null && columnPaths.has(spec.tenantColumn) }
  spec.ownerColumn = declared.owner || need ? 'owner_id' : null
  if (declared.owner) requireType(reading, draft, 'owner_id', 'uuid', 'It says whose row it is: the id of a user.')
  if (tenancy.model !== 'none' && declared.tenant) requireTenantColumn(reading, draft, tenancy.column, tenancy.type)
  return {
    tenant: tenancy.model !== 'none' && spec.tenantColumn !== null && !declared.tenant ? [plainColumn(tenancy.column, tenancy.type, 'tenant')] : [],
    owner: need && !declared.owner ? [ownerColumn(need)] : [],
  }
}

function requireTenantColumn(reading: Reading, draft: TableDraft, column: string, type: string): void {
  requireType(reading, draft, column, type, 'It says to which tenant the row belongs.')
  const path = draft.columnPaths.get(column) ?? draft.path
  const written = draft.input?.columns[String(path.at(-1))]
  if (typeof written === 'object' && written.nullable)
    reading.issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'nullable'],
      message: `The tenancy column "${column}" cannot be null: such a row would belong to nobody.`,
      remedy: 'Leave nullable out, or write at the table: tenancy: none',
    })
}

function requireType(reading: Reading, draft: TableDraft, column: string, type: string, says: string): void {
  const declared = draft.types.get(column)
  const wanted = typeOfText(type, reading.catalog)
  if (declared && (declared.id !== wanted.id || declared.isArray))
    reading.issues.add({
      code: 'SPEC_CONFLICT', path: draft.columnPaths.get(column) ?? draft.path, key: true,
      message: `The column "${column}" of "${draft.spec.name}" must be ${type}. ${says}`,
      remedy: `Write: type: ${type}`,
    })
}
