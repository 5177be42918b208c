import { type Plan, decidesAccess } from '../../design/plan.ts'
import type { SqlFile } from '../../design/sql-file.ts'
import { applyFiles } from '../../postgres/replay.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import { refusalOf } from '../proof-error.ts'
import { type Prepared, prepare } from './prepare.ts'

/** People and rows for a design, made in a database of their own. Null when the files do not apply: another proof says why. */
export async function prepareAccess({ server, plan, migrations }: { server: ReplayedServer; plan: Plan; migrations: readonly SqlFile[] }): Promise<Prepared | null> {
  if (!decidesAccess(plan)) return null
  const database = await server.createDatabase()
  try {
    if ((await applyFiles(database, migrations).then(() => null, refusalOf)) !== null) return null
    await using session = await database.connect()
    return await prepare(session, plan)
  } finally {
    await database.drop()
  }
}
