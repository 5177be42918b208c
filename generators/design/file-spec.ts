import type { QualifiedName } from '../sql/identifier.ts'
import type { Duration } from './duration.ts'

/** Files of a table: where their metadata stands, what is taken, and who reaches them. What a rule is is the spec's affair. */
export interface FileOf<Rule> {
  name: string
  table: QualifiedName
  /** Null: the columns are on `table` itself. */
  metadataTable: QualifiedName | null
  bucket: string
  maxBytes: number | null
  contentTypes: string[]
  pendingExpires: Duration | null
  afterDelete: Duration | null
  versioned: boolean
  /** Who reaches its objects in Supabase Storage; null for a store outside of the database. */
  objects: ObjectsOf<Rule> | null
}

export interface ObjectsOf<Rule> {
  access: Record<'select' | 'insert' | 'update' | 'delete', Rule>
  /** What the first folder of a key is: the tenant of the row, the user who owns it, or neither. Then comes the row. */
  scope: 'tenant' | 'owner' | 'row'
  /** Regular expressions of the folders, as their types print values. */
  folders: string[]
  /** Anonymous sign-ins count as signed in. */
  anonymous: boolean
  /** The bucket serves every object to everybody who knows its key, without asking a policy. */
  public: boolean
  because: string | null
}
