import type { MeasuredTable } from './measured.ts'

/**
 * What a database holds, as plain data: read once from the replayed history, then passed to pure code.
 * Lists are ordered by name (columns by position). No OIDs, so that it can be cached and compared.
 */
export interface Catalog {
  /** `server_version_num`, for example 170010. */
  serverVersion: number
  schemas: CatalogSchema[]
  tables: CatalogTable[]
  types: CatalogType[]
  functions: CatalogFunction[]
  roles: CatalogRole[]
  extensions: { name: string; schema: string }[]
  /** Sizes and statistics of a database of the user, where they were asked for. Never of the replayed history. */
  measured?: readonly MeasuredTable[]
}

export interface CatalogSchema {
  name: string
  /** Roles of the Data API (`anon`, `authenticated`, `service_role`) that have USAGE. */
  usage: string[]
}

export interface CatalogTable {
  schema: string
  name: string
  kind: 'table' | 'partitioned' | 'view' | 'materialized view' | 'foreign table'
  comment: string | null
  rowSecurity: boolean
  columns: CatalogColumn[]
  /** Columns of the primary key in key order; empty without one. */
  primaryKey: string[]
  /** Unique constraints and unique indexes over plain columns, the primary key included. */
  uniques: CatalogUnique[]
  foreignKeys: CatalogForeignKey[]
  checks: { name: string; expression: string }[]
  indexes: CatalogIndex[]
  policies: CatalogPolicy[]
  triggers: CatalogTrigger[]
  /** Table privileges by role, for the roles of the Data API. */
  privileges: { role: string; privileges: string[] }[]
}

export interface CatalogColumn {
  name: string
  /** As `format_type` prints it: `uuid`, `character varying(200)`, `core.show_kind`. */
  type: string
  nullable: boolean
  default: string | null
  identity: 'always' | 'by default' | null
  generated: boolean
  /** Labels in order when the type is an enum. */
  enumLabels: string[] | null
  comment: string | null
}

export interface CatalogUnique {
  name: string
  columns: string[]
  /** Predicate of a partial unique index. */
  where: string | null
  nullsNotDistinct: boolean
  /** A foreign key may reference it: whole, and checked at once. An index without a constraint will do. */
  referencable: boolean
}

export interface CatalogForeignKey {
  name: string
  columns: string[]
  references: { schema: string; table: string; columns: string[] }
  onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
}

export interface CatalogIndex {
  name: string
  definition: string
  method: string
  /** Key columns; null where a key is an expression. */
  columns: (string | null)[]
  unique: boolean
  valid: boolean
  where: string | null
}

export interface CatalogPolicy {
  name: string
  command: 'all' | 'select' | 'insert' | 'update' | 'delete'
  permissive: boolean
  roles: string[]
  using: string | null
  check: string | null
}

export interface CatalogTrigger {
  name: string
  definition: string
  function: { schema: string; name: string }
}

export interface CatalogType {
  schema: string
  name: string
  kind: 'base' | 'enum' | 'domain' | 'composite' | 'range'
  /** Labels of an enum, in order. */
  labels: string[]
  /** True when `=` of the type is leakproof, so that it may become an index condition under RLS. */
  leakproofEquality: boolean
}

export interface CatalogFunction {
  schema: string
  name: string
  /** As `pg_get_function_identity_arguments` prints them. */
  arguments: string
  /** As `pg_get_function_result` prints it. */
  returns: string
  language: string
  volatility: 'immutable' | 'stable' | 'volatile'
  securityDefiner: boolean
  /** `proconfig`, for example `search_path=""`. */
  settings: string[]
  /** Source text as stored (`prosrc`), or the deparsed SQL body. */
  body: string
  /** As `pg_get_functiondef` prints it. */
  definition: string
}

export interface CatalogRole {
  name: string
  superuser: boolean
  bypassRowSecurity: boolean
  login: boolean
}

/** The table, view or foreign table of that name, if there is one. */
export function findTable(catalog: Catalog, schema: string, name: string): CatalogTable | undefined {
  return catalog.tables.find((table) => table.schema === schema && table.name === name)
}
