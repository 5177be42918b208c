/** What a workload stands on is made, and which of its tables the schema brought rows for. */
import type { Catalog } from '../../design/catalog.ts'
import { isSystemSchema } from '../../design/system-schemas.ts'
import type { WorkloadFile } from '../../planner/workload-file/read-workload.ts'
import type { Database } from '../../postgres/database.ts'
import { type QualifiedName, qualified } from '../../sql/identifier.ts'
import { walk } from '../../sql/parser.ts'

export interface PreparedWorkload {
  /** Tables that statements name. */
  filled: string[]
  empty: string[]
  notes: string[]
}

/** Rows are counted when there are any. `isExport`: roles that are not here are those of another server, and make no difference. */
export async function prepareWorkload(database: Database, file: WorkloadFile, { server: { catalog }, isExport = false }: { server: { catalog: Catalog }; isExport?: boolean }): Promise<PreparedWorkload> {
  await using session = await database.connect()
  const notes: string[] = []
  for (const sql of file.setup) {
    const words = /^set\b/i.test(sql) ? `alter role supabase_admin ${sql.replace(/^set\s+(session|local)\s+/i, 'set ')}` : sql
    await using admin = await database.connect({ user: 'supabase_admin' })
    await (words === sql ? session : admin).query(words).catch((error: Error) => notes.push(`Not made: ${sql.replaceAll(/\s+/g, ' ').slice(0, 60)}: ${error.message}.`))
  }
  if (isExport) notes.push(...withoutStrangers(file, catalog))
  const names = tablesNamed(file, catalog)
  const { rows } = await session.query<{ name: string; bytes: number }>('select n as name, pg_relation_size(n::regclass)::float8 as bytes from unnest($1::text[]) n', [names.map(qualified)])
  const filled = rows.filter(({ bytes }) => bytes > 0).map(({ name }) => name)
  if (filled.length > 0) await session.query('analyze')
  return { filled, empty: rows.filter(({ bytes }) => bytes === 0).map(({ name }) => name), notes }
}

function withoutStrangers(file: WorkloadFile, catalog: Catalog): string[] {
  const strangers = new Set<string>()
  for (const statement of file.statements) {
    if (catalog.roles.some(({ name }) => name === statement.as)) continue
    strangers.add(statement.as)
    statement.as = 'postgres'
  }
  return strangers.size > 0 ? [`Planned as the owner of the tables, because the schema has no such role: what ${[...strangers].join(', ')} ran.`] : []
}

/** Of the schema that is named, else of whichever has it. */
function tablesNamed({ statements, setup }: WorkloadFile, catalog: Catalog): QualifiedName[] {
  const names = new Set<string>()
  for (const { tree } of statements)
    walk(tree, (type, node) => {
      const { schemaname = '*', relname } = (type === 'RangeVar' ? node : (node['relation'] ?? {})) as { schemaname?: string; relname?: string }
      if (relname !== undefined) names.add(`${schemaname}.${relname}`)
    })
  const tables = catalog.tables.filter(({ kind, schema }) => ['table', 'materialized view'].includes(kind) && !isSystemSchema(schema))
  const named = tables.filter(({ schema, name }) => names.has(`${schema}.${name}`) || names.has(`*.${name}`))
  // Behind views of the file, whatever has rows.
  return named.length > 0 || setup.length === 0 ? named : tables
}
