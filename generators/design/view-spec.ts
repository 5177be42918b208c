/** Views of a spec after normalisation. */
import type { QualifiedName } from '../sql/identifier.ts'

/** A view that runs with the rights of its caller, and can only be read. */
export interface ViewSpec {
  schema: string
  name: string
  about: string
  /** The one table that it shows columns of; null for a view given as SQL. */
  table: QualifiedName | null
  columns: ViewColumn[]
  /** Rows of `table` that it shows; null = all. */
  where: string | null
  /** The whole select. */
  sql: string
  /** Tables that it reads, each once. */
  reads: QualifiedName[]
  /** Who may select: never wider than all of `reads`. */
  roles: ApiRole[]
}

export type ApiRole = 'anon' | 'authenticated' | 'service_role'

export interface ViewColumn {
  name: string
  /** Null where only the server knows. */
  type: string | null
  nullable: boolean
  /** The column of a table that it shows as it is. */
  source: { table: QualifiedName; column: string } | null
}
