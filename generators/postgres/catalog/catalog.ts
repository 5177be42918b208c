/** What a database holds, read in two round trips: the version, then every query at once. */
import type { Catalog, CatalogTable } from '../../design/catalog.ts'
import type { Session } from '../session.ts'
import { checksQuery } from './checks.ts'
import type { CheckRow } from './checks.ts'
import { columnsQuery } from './columns.ts'
import type { ColumnRow } from './columns.ts'
import { extensionsQuery } from './extensions.ts'
import { foreignKeysQuery } from './foreign-keys.ts'
import type { ForeignKeyRow } from './foreign-keys.ts'
import { functionsQuery } from './functions.ts'
import { indexesQuery } from './indexes.ts'
import type { IndexRow } from './indexes.ts'
import { policiesQuery } from './policies.ts'
import type { PolicyRow } from './policies.ts'
import { rolesQuery } from './roles.ts'
import { schemasQuery } from './schemas.ts'
import { tablesQuery } from './tables.ts'
import type { TableRow } from './tables.ts'
import { triggersQuery } from './triggers.ts'
import type { TriggerRow } from './triggers.ts'
import { typesQuery } from './types.ts'
import { uniquesQuery } from './uniques.ts'
import type { UniqueRow } from './uniques.ts'

type Parts = Pick<Catalog, 'schemas' | 'types' | 'functions' | 'roles' | 'extensions'> & {
  tables: TableRow[]
  columns: ColumnRow[]
  uniques: UniqueRow[]
  foreignKeys: ForeignKeyRow[]
  checks: CheckRow[]
  indexes: IndexRow[]
  policies: PolicyRow[]
  triggers: TriggerRow[]
}

/** The catalog of a session's database. */
export async function readCatalog(session: Session): Promise<Catalog> {
  const { rows } = await session.query<{ version: number }>("select current_setting('server_version_num')::int as version")
  const serverVersion = rows[0]?.version ?? 0
  const parts = await readParts(session, {
    schemas: schemasQuery, tables: tablesQuery(serverVersion), columns: columnsQuery, uniques: uniquesQuery,
    foreignKeys: foreignKeysQuery, checks: checksQuery, indexes: indexesQuery, policies: policiesQuery,
    triggers: triggersQuery, types: typesQuery, functions: functionsQuery, roles: rolesQuery, extensions: extensionsQuery,
  })
  const { schemas, types, functions, roles, extensions } = parts
  return { serverVersion, schemas, tables: assemble(parts), types, functions, roles, extensions }
}

// Printed names are qualified unless they are on the search path; an empty path makes them the same for every caller.
async function readParts(session: Session, queries: Record<keyof Parts, string>): Promise<Parts> {
  const columns = Object.entries(queries).map(([name, sql]) => `(select coalesce(json_agg(q), '[]') from (${sql}) q) as "${name}"`)
  const before = await session.query<{ path: string }>("select current_setting('search_path') as path")
  await session.query("select set_config('search_path', '', false)")
  try {
    const { rows } = await session.query<Parts>(`select ${columns.join(',\n')}`)
    return rows[0] as Parts
  } finally {
    await session.query("select set_config('search_path', $1, false)", [before.rows[0]?.path ?? ''])
  }
}

function assemble(parts: Parts): CatalogTable[] {
  const columns = byTable(parts.columns)
  const uniques = byTable(parts.uniques)
  const foreignKeys = byTable(parts.foreignKeys)
  const checks = byTable(parts.checks)
  const indexes = byTable(parts.indexes)
  const policies = byTable(parts.policies)
  const triggers = byTable(parts.triggers)
  return parts.tables.map((table) => ({
    ...table,
    columns: columns(table),
    uniques: uniques(table),
    foreignKeys: foreignKeys(table),
    checks: checks(table),
    indexes: indexes(table),
    policies: policies(table),
    triggers: triggers(table),
  }))
}

/** Rows of one table, without the two columns that say whose they are. */
function byTable<Row extends { schema: string; table: string }>(rows: readonly Row[]): (table: TableRow) => Omit<Row, 'schema' | 'table'>[] {
  const groups = new Map<string, Omit<Row, 'schema' | 'table'>[]>()
  for (const { schema, table, ...row } of rows) {
    const key = JSON.stringify([schema, table])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return ({ schema, name }) => groups.get(JSON.stringify([schema, name])) ?? []
}
