/** What the schema docs of a repository are made from: its tables without a design and with it, and the files there are. */
import { schemaDocsFolder } from '../../artifacts/schema-docs/folder.ts'
import type { DocumentedTable, SchemaDocsState } from '../../design/documented-table.ts'
import type { Evidence } from '../../design/evidence.ts'
import type { SqlFile } from '../../design/sql-file.ts'
import { readDocumentedTables } from '../../postgres/catalog/documented-tables.ts'
import { applyIn } from '../../postgres/replay.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import type { Lock } from '../../repository/lock.ts'
import type { Repository } from '../../repository/read.ts'
import { readSchemaDocs } from '../../repository/schema-docs.ts'

interface StateRequest {
  repository: Repository
  server: ReplayedServer
  migrations: readonly SqlFile[]
  lock: Lock | null
  evidence: Evidence
}

/** Null where the repository keeps no schema docs, or where the design does not apply. */
export async function schemaDocsState({ repository, server, migrations, lock, evidence }: StateRequest): Promise<SchemaDocsState | null> {
  if (!repository.hasSchemaDocs || evidence.replay.status === 'failed') return null
  const known = (lock?.files ?? []).filter(({ kind }) => kind === 'schema doc').map(({ path }) => path.slice(schemaDocsFolder.length + 1))
  return { ...(await tablesOf(server, migrations)), files: await readSchemaDocs(repository.root), known }
}

/** The tables of the history, and those with the files on top of it. */
export async function tablesOf(server: ReplayedServer, files: readonly SqlFile[]): Promise<Record<'before' | 'after', DocumentedTable[]>> {
  const database = await server.createDatabase()
  const session = await database.connect()
  const before = await readDocumentedTables(session)
  await applyIn(session, database, files)
  await session.query('reset all')
  const after = files.length === 0 ? before : await readDocumentedTables(session)
  await session.end()
  await database.drop()
  return { before, after }
}
