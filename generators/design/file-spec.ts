import type { QualifiedName } from '../sql/identifier.ts'
import type { Duration } from './duration.ts'

/** Files of a table in S3: where their metadata stands, and what is taken. */
export interface FileSpec {
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
}
