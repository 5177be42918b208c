/** Audiences that are found beyond the row itself, and where they are looked up. */
import type { QualifiedName } from '../sql/identifier.ts'

export interface RoleAudience {
  role: string
}

export interface ParentAudience {
  parent: 'select' | 'insert' | 'update' | 'delete' | 'owner'
}

export interface SharedAudience {
  shared: string
}

/** A foreign key of one column, besides the tenancy column where the planner adds that. */
export interface ViaSpec {
  column: string
  references: QualifiedName
  /** The referenced column. */
  key: string
  /** The client roles that may select from a parent which exists already; null when the parent is a table of this design. */
  existing: ('anon' | 'authenticated')[] | null
}

/** A table of this design that says with whom a row is shared. */
export interface SharesSpec {
  table: QualifiedName
  row: string
  user: string
  /** Null when there is only one level. */
  level: string | null
  /** Weakest first. */
  levels: string[]
  /** Marks a share that was taken back. */
  deleted: string | null
}
