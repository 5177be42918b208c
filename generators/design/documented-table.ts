/** A table as `supabase/schema_docs` shows it: what `information_schema` says, in the words that it uses. */
export interface DocumentedTable {
  schema: string
  name: string
  /** In the order of the table. */
  columns: DocumentedColumn[]
  primaryKey: string[]
  /** By constraint name; one entry for each column of a key. */
  foreignKeys: { constraint: string; column: string; references: string }[]
  /** Columns of the unique constraints, by constraint name. */
  uniqueConstraints: string[][]
  /** By name. Keys without their order: a column, or an expression as it is deparsed. */
  indexes: { name: string; keys: string[]; unique: boolean; definition: string }[]
  rowSecurity: boolean
}

export interface DocumentedColumn {
  name: string
  /** `ARRAY` and `USER-DEFINED` for what the standard has no word for. */
  dataType: string
  nullable: boolean
  default: string | null
  identity: boolean
  generated: boolean
}

/** What the docs of a repository are made from. */
export interface SchemaDocsState {
  /** Tables without the design, and with it. */
  before: DocumentedTable[]
  after: DocumentedTable[]
  /** Names and texts of the files in the folder. */
  files: Record<string, string>
  /** Names of files that the design wrote when it was last generated. */
  known: string[]
}
