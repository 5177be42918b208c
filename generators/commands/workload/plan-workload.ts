/** `plan --workload file.sql --schema schema.sql`: the best indexes for any Postgres schema, without a spec. Writes nothing. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Catalog } from '../../design/catalog.ts'
import { type ScaleFile, readScaleFile } from '../../design/read-scale-file.ts'
import { parseSize } from '../../design/quantities.ts'
import { TrrError } from '../../errors.ts'
import { exportedWorkload, isExport } from '../../planner/workload-file/exported-statements.ts'
import { type WorkloadFile, readWorkload } from '../../planner/workload-file/read-workload.ts'
import { refusalWords } from '../../planner/workload-file/refusal.ts'
import { adviseWorkload } from '../../postgres/scale/workload-advice.ts'
import { openServer } from '../../postgres/server.ts'
import { loadParser } from '../../sql/parser.ts'
import { formatAdvice } from '../../terminal/report-advice.ts'
import type { CommandInput, CommandOutcome } from '../command.ts'
import { majorOf, openSchema } from './open-schema.ts'
import { prepareWorkload } from './prepare-workload.ts'
import { workloadTask } from './workload-task.ts'
import { withStatistics } from '../pipeline/with-statistics.ts'

export async function planWorkload(input: CommandInput): Promise<CommandOutcome> {
  const { options, terminal, signal } = input
  const { workload: workloadPath, schema: schemaPath } = options
  if (workloadPath === null || schemaPath === null) throw new TrrError({ code: 'USAGE', message: 'A workload needs a schema.', remedy: 'Write: trr-db plan --workload file.sql --schema schema.sql' })
  await loadParser()
  const [workload, schema] = [await readText(input.cwd, workloadPath), await readText(input.cwd, schemaPath)]
  const budget = options.budget === null ? null : readBudget(options.budget)
  const file = readStatements(workload, workloadPath)
  await using own = await terminal.step('Opening a Postgres', (progress) => openServer({ major: majorOf(schema), history: [], signal, progress }))
  const made = await terminal.step('Making the schema', () => openSchema(own, schema, schemaPath))
  const { database } = made
  const { server, statistics } = await withStatistics(made.server, input)
  const { filled, empty, notes } = await prepareWorkload(database, file, { server, isExport: isExport(workloadPath) })
  const isDeclared = statistics !== null || options.scale !== null
  const isCounted = filled.length > 0 && !isDeclared
  const task = workloadTask({ server, database, file, budget, sizes: await declaredSizes(input, server.catalog), isCounted })
  const found = await terminal.step('Choosing indexes', () => adviseWorkload(task))
  const wordsFor = (name: string, message: string) => refusalWords(message, file.statements.find((one) => one.name === name) ?? { at: name, tree: {} }, server.catalog)
  // Costs that are equal say little where nobody says how large the tables are.
  const superfluous = found.superfluous.filter(({ kind }) => isDeclared || isCounted || kind !== 'equal')
  const advice = { ...found, superfluous, statements: found.statements.map((one) => (one.refused === null ? one : { ...one, refused: wordsFor(one.name, one.refused) })) }
  const all = [
    ...(isDeclared || isCounted ? [] : ['Nothing says how large the tables are: every one is taken to have 100k rows. Give --scale file.yaml or --stats-from.']),
    ...(isCounted && empty.length > 0 ? [`Rows are those that ${schemaPath} brings, and these have none: ${empty.join(', ')}.`] : []),
    ...made.notes, ...file.notes, ...notes,
    ...file.faults.map((one) => `Not read: ${one}.`),
  ]
  terminal.print(formatAdvice(advice, { server: server.version, notes: all }, terminal))
  const isRefused = file.faults.length > 0 || advice.statements.some(({ refused }) => refused !== null)
  return { exitCode: isRefused ? 1 : 0, document: { workload: workloadPath, schema: schemaPath, server: server.version, notes: all, ...advice } }
}

function readStatements(text: string, path: string): WorkloadFile {
  if (!isExport(path)) return readWorkload(text, path, 'postgres')
  const exported = exportedWorkload(text, path)
  const file = readWorkload(exported.text, path, 'postgres', exported.atLine)
  return { ...file, notes: [...exported.notes, ...file.notes] }
}

/** UTF-8, with a mark of its byte order or without; what Windows writes as UTF-16 as well. */
async function readText(cwd: string, path: string): Promise<string> {
  const bytes = await readFile(resolve(cwd, path)).catch((error: NodeJS.ErrnoException) => {
    throw new TrrError({ code: 'USAGE', message: `"${path}" cannot be read (${error.code ?? error.message}).`, remedy: 'Name a file.' }, { cause: error })
  })
  if (bytes.subarray(0, 5).toString('latin1') === 'PGDMP') throw new TrrError({ code: 'USAGE', message: `"${path}" is a dump in the format of pg_restore.`, remedy: `Make it SQL: pg_restore --schema-only --file schema.sql ${path}` })
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8')
  return text.replace(/^\uFEFF/, '')
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
