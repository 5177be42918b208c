import type { RowFacts } from '../../design/access.ts'

/** A row that decides about those of another table. */
export interface ParentRow {
  id: string
  title: string
  /** What a row of the table names to belong to it. */
  given: Record<string, string | null>
  tenant: string | null
  owner: string | null
  deleted: boolean
  /** With nobody yet, where rows are shared. */
  unshared: boolean
  /** The facts that a row gets from it. */
  gives: Partial<RowFacts>
}
