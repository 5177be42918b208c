/** Keys of a table as the spec has them: not yet scoped to a tenant. */
import type { QualifiedName } from '../sql/identifier.ts'

export interface UniqueSpec {
  columns: string[]
  where: string | null
  nullsNotDistinct: boolean
  global: boolean
}

export type OnDelete = 'cascade' | 'restrict' | 'set null' | 'no action'

export interface ForeignKeySpec {
  columns: string[]
  references: { table: QualifiedName; columns: string[] }
  onDelete: OnDelete
  because: string | null
  deferrable: boolean
}
