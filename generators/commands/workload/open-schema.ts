/** A database with a schema of the user's, as far as it can be made here. */
import { TrrError } from '../../errors.ts'
import { readCatalog } from '../../postgres/catalog/catalog.ts'
import type { Database } from '../../postgres/database.ts'
import { applySchema } from '../../postgres/schema-file/apply-schema.ts'
import type { Major, ReplayedServer } from '../../postgres/server.ts'

export interface OpenedSchema {
  /** Its catalog is that of the schema. */
  server: Pick<ReplayedServer, 'major' | 'version' | 'catalog' | 'createDatabase'>
  database: Database
  notes: string[]
}

/** Throws a TrrError when nothing of it can be made. */
export async function openSchema(server: ReplayedServer, text: string, file: string): Promise<OpenedSchema> {
  const database = await server.createDatabase()
  const { notes, taken } = await applySchema(database, text, file)
  if (taken === 0) throw new TrrError({ code: 'USAGE', message: `Nothing of ${file} can be made.${notes.length > 0 ? ` ${notes.join(' ')}` : ''}`, remedy: 'Write it with: pg_dump --schema-only --no-owner' })
  await using session = await database.connect({ user: 'supabase_admin' })
  const catalog = await readCatalog(session)
  const { major, version } = server
  return { server: { major, version, catalog, createDatabase: (options) => server.createDatabase(options) }, database, notes }
}

/** Of those that are here, the one that a dump comes from, or the next that can read it. */
export function majorOf(text: string): Major {
  if (/\)\s+VIRTUAL\b|\buuidv7\(|\bWITHOUT OVERLAPS\b/i.test(text)) return 18
  const dumped = Number(/^-- Dumped from database version (\d+)/m.exec(text)?.[1] ?? 17)
  return dumped <= 15 ? 15 : dumped <= 17 ? 17 : 18
}
