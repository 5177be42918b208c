/** The Postgres majors that Supabase runs or will run, and that output is proved on. */
export type Major = 15 | 17 | 18

/** A file of SQL. The path is relative to the repository's root and is what messages show. */
export interface SqlFile {
  path: string
  sql: string
}

/** Everything executable that a design generates, in the order in which it is applied. */
export interface GeneratedSql {
  migrations: SqlFile[]
  /** One for each migration, same order: `rollbacks[i]` undoes `migrations[i]`. */
  rollbacks: SqlFile[]
  /** pgTAP for `supabase test db`. */
  test: SqlFile
}
