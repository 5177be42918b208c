/** Placeholder until the queries land. */
import type { Catalog } from '../../design/catalog.ts'
import type { Session } from '../session.ts'

export async function readCatalog(session: Session): Promise<Catalog> {
  const { rows } = await session.query<{ version: number }>("select current_setting('server_version_num')::int as version")
  return { serverVersion: rows[0]?.version ?? 0, schemas: [], tables: [], types: [], functions: [], roles: [], extensions: [] }
}
