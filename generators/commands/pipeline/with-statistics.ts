/** What `--stats-from` reads. It serves commands that write nothing: files that are committed follow from the repository alone. */
import { isSystemSchema } from '../../design/system-schemas.ts'
import { TrrError } from '../../errors.ts'
import { isDatabaseUrl } from '../../postgres/statistics/database-url.ts'
import { readStatistics } from '../../postgres/statistics/read-statistics.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import type { CommandInput } from '../command.ts'

export type MeasuredServer = Pick<ReplayedServer, 'major' | 'version' | 'catalog' | 'createDatabase'>

/** Tables of Supabase's own that designs refer to. */
const referenced = new Set(['auth.users', 'storage.objects'])

/** The server, whose catalog knows how large the tables of that database are. */
export async function withStatistics<Server extends MeasuredServer>(server: Server, { options, terminal }: Pick<CommandInput, 'options' | 'terminal'>): Promise<{ server: Server; statistics: StatisticsRead | null }> {
  const { statsFrom: url } = options
  if (url === null) return { server, statistics: null }
  if (!isDatabaseUrl(url)) throw new TrrError({ code: 'USAGE', message: '--stats-from does not name a database.', remedy: 'Write its address: --stats-from postgresql://user@host:5432/postgres' })
  const { catalog } = server
  const names = catalog.tables.filter(({ kind, schema, name }) => (kind === 'table' || kind === 'partitioned' || kind === 'materialized view') && (!isSystemSchema(schema) || referenced.has(`${schema}.${name}`)))
  const { from, tables, unread } = await terminal.step('Reading statistics', () => readStatistics(url, names))
  terminal.note(`Sizes and statistics of ${tables.length} ${tables.length === 1 ? 'table' : 'tables'} are those of ${from}; nothing was written there.`)
  for (const sentence of unread) terminal.note(sentence)
  return { server: { ...server, catalog: { ...catalog, measured: tables } }, statistics: { from, tables: tables.map(({ schema, name }) => `${schema}.${name}`), unread } }
}

export interface StatisticsRead {
  from: string
  tables: string[]
  unread: string[]
}
