/** The states that a row can be in: as it should be, hidden by the condition of access, deleted. */
import { type TableSpec, deletionColumn } from '../../design/spec.ts'
import type { Wanted } from '../fixtures/fixtures.ts'

export interface RowState {
  /** Stands before the owner's id: `hidden:of:owner`. Empty for a plain row. */
  id: string
  /** Stands behind the title of the row. */
  title: string
  given: Record<string, unknown>
  must: NonNullable<Wanted['must']>
  /** Rows that exist only to be hidden may be impossible; everything else must be found. */
  optional?: boolean
}

export function plainState(table: TableSpec): RowState {
  return { id: '', title: '', given: {}, must: visibility(table, true, true) }
}

export function hiddenStates(table: TableSpec): RowState[] {
  const { own, any } = table.access.where
  if (own === null && any === null) return []
  const both = { id: 'hidden:', title: ', hidden by its condition', given: {}, must: visibility(table, false, false) }
  if (own === any || own === null || any === null) return [both]
  return [
    both,
    { id: 'own_hidden:', title: ', hidden from its owner by the condition', given: {}, must: visibility(table, false, true), optional: true },
    { id: 'any_hidden:', title: ', hidden from others by the condition', given: {}, must: visibility(table, true, false), optional: true },
  ]
}

export function deletedStates(table: TableSpec): RowState[] {
  const deletion = deletionColumn(table)
  return deletion === null ? [] : [{ id: 'deleted:', title: ', deleted', given: { [deletion]: '2024-01-02' }, must: visibility(table, true, true) }]
}

/** A key that holds nothing but the owner and the tenant: nobody has a second row. */
export function hasOneRowEach(table: TableSpec): boolean {
  const scope = [table.ownerColumn, table.tenantColumn]
  return table.ownerColumn !== null && [table.primaryKey, ...table.uniques.filter(({ where }) => where === null).map(({ columns }) => columns)].some((key) => key.length > 0 && key.every((column) => scope.includes(column)))
}

export function visibility(table: TableSpec, own: boolean, any: boolean): NonNullable<Wanted['must']> {
  const { where } = table.access
  return [
    ...(where.own === null ? [] : [{ sql: where.own, holds: own ? ('true' as const) : ('not true' as const) }]),
    ...(where.any === null || where.any === where.own ? [] : [{ sql: where.any, holds: any ? ('true' as const) : ('not true' as const) }]),
  ]
}
