/** `plan --workload file.sql --schema schema.sql`: the indexes of any schema for any workload, without a spec. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ScaleFile, readScaleFile } from '../../design/read-scale-file.ts'
import type { Catalog } from '../../design/catalog.ts'
import { parseSize } from '../../design/quantities.ts'
import { TrrError } from '../../errors.ts'
import { type WorkloadFile, readWorkload } from '../../planner/workload-file/read-workload.ts'
import type { Database } from '../../postgres/database.ts'
import { adviseWorkload } from '../../postgres/scale/workload-advice.ts'
import { openServer } from '../../postgres/server.ts'
import { loadParser } from '../../sql/parser.ts'
import { formatAdvice } from '../../terminal/report-advice.ts'
import type { CommandInput, CommandOutcome } from '../command.ts'
import { workloadTask } from './workload-task.ts'
import { withStatistics } from '../pipeline/with-statistics.ts'

export async function planWorkload(input: CommandInput): Promise<CommandOutcome> {
  const { options, terminal, signal } = input
  const { workload: workloadPath, schema: schemaPath } = options
  if (workloadPath === null || schemaPath === null) throw new TrrError({ code: 'USAGE', message: 'A workload needs a schema.', remedy: 'Write: trr-db plan --workload file.sql --schema schema.sql' })
  await loadParser()
  const [workload, schema] = [await readText(input.cwd, workloadPath), await readText(input.cwd, schemaPath)]
  const budget = options.budget === null ? null : readBudget(options.budget)
  const file = readWorkload(workload, workloadPath, 'postgres')
  await using opened = await terminal.step('Opening a Postgres with the schema', (progress) => openServer({ major: 17, history: [{ path: schemaPath, sql: schema }], signal, progress }))
  const { server, statistics } = await withStatistics(opened, input)
  const database = await server.createDatabase()
  const isFilled = await prepare(database, file)
  const isDeclared = statistics !== null || options.scale !== null
  const task = workloadTask({ server, database, file, budget, sizes: await declaredSizes(input, server.catalog), isCounted: isFilled && !isDeclared })
  const advice = await terminal.step('Choosing indexes', () => adviseWorkload(task))
  const notes = [
    ...(isDeclared || isFilled ? [] : ['Nothing says how large the tables are: every one is taken to have 100k rows. Give --scale file.yaml or --stats-from.']),
    ...file.skipped.map((one) => `Not planned: ${one}.`),
    ...file.faults.map((one) => `Not read: ${one}.`),
  ]
  terminal.print(formatAdvice(advice, { server: server.version, notes }, terminal))
  const isRefused = file.faults.length > 0 || advice.statements.some(({ refused }) => refused !== null)
  return { exitCode: isRefused ? 1 : 0, document: { workload: workloadPath, schema: schemaPath, server: server.version, notes, ...advice } }
}

async function readText(cwd: string, path: string): Promise<string> {
  return await readFile(resolve(cwd, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new TrrError({ code: 'USAGE', message: `"${path}" cannot be read (${error.code ?? error.message}).`, remedy: 'Name a file.' }, { cause: error })
  })
}

function readBudget(text: string): number {
  const bytes = parseSize(text)
  if (bytes === null) throw new TrrError({ code: 'USAGE', message: `"${text}" is not a size.`, remedy: 'Write a size such as --budget 5GB.' })
  return bytes
}

async function declaredSizes(input: CommandInput, catalog: Catalog): Promise<ScaleFile> {
  const { scale } = input.options
  return scale === null ? { existing: [], writes: [], horizon: null } : readScaleFile({ text: await readText(input.cwd, scale), file: scale }, catalog)
}

/** Makes the views of the workload. True when the schema brings rows along; then they are counted. */
export async function prepare(database: Database, { setup }: WorkloadFile): Promise<boolean> {
  await using session = await database.connect()
  for (const sql of setup) await session.query(sql)
  const { rows } = await session.query("select 1 from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'm') and pg_relation_size(c.oid) > 0 and n.nspname not in ('pg_catalog', 'information_schema', 'auth', 'storage', 'realtime', 'extensions', 'vault')")
  if (rows.length > 0) await session.query('analyze')
  return rows.length > 0
}
