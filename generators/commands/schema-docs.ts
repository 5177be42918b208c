/** `schema-docs [--check]`: the schema docs of all tables, from the replayed history. */
import { docName, documentedSchemas, mergeIndex, schemaDocsFolder, tableFiles } from '../artifacts/schema-docs/folder.ts'
import { habitsOf } from '../design/habits.ts'
import type { PlannedFile } from '../design/planned-file.ts'
import { type FileChange, compareWithDisk } from '../repository/changes.ts'
import { readRepository } from '../repository/read.ts'
import { readSchemaDocs } from '../repository/schema-docs.ts'
import { writeFiles } from '../repository/write.ts'
import { formatFiles } from '../terminal/report-files.ts'
import type { CommandInput, CommandOutcome } from './command.ts'
import { fileLine } from './pipeline/apply-expansion.ts'
import { openHistory } from './pipeline/open-history.ts'
import { tablesOf } from './pipeline/schema-docs-state.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  const { terminal, options, signal } = input
  const repository = await readRepository(input.cwd)
  const { root } = repository
  for (const note of repository.notes) terminal.note(terminal.style.dim(`note: ${note}`))
  if (!repository.hasSchemaDocs && options.check) {
    terminal.print(`The repository keeps no ${schemaDocsFolder}. Begin with: trr-db schema-docs`)
    return { exitCode: 0, document: { result: 'none', stale: [] } }
  }
  await using server = await terminal.step('Opening a Postgres with the history', (progress) => openHistory(input, { repository, lock: null, progress }))
  const files = await readSchemaDocs(root)
  const schemas = documentedSchemas(files, habitsOf(server.catalog, { apiSchemas: repository.config.apiSchemas }).schema)
  const tables = (await tablesOf(server, [])).before.filter(({ schema }) => schemas.has(schema))
  const docs = await Promise.all(tables.map((table) => tableFiles(table, null)))
  const changes = await changesOf(root, files, docs.flat(), tables.map(docName))
  const stale = changes.filter(({ change }) => change !== 'same')
  if (stale.length === 0) {
    terminal.print(`${schemaDocsFolder} is up to date: ${tables.length} ${tables.length === 1 ? 'table' : 'tables'} of ${[...schemas].join(', ')}.`)
    return { exitCode: 0, document: { result: 'unchanged', stale: [] } }
  }
  const paths = stale.map(({ path }) => path)
  terminal.print(formatFiles(changes.map((change) => fileLine(change, new Set(paths))), terminal))
  if (options.check) {
    terminal.print(`\n${terminal.style.red('Stale')}: ${paths.length} of ${changes.length} files. Write them with: trr-db schema-docs`)
    return { exitCode: 1, document: { result: 'stale', stale: paths } }
  }
  const { written, removed } = await writeFiles(root, changes, { remove: new Set(paths), signal })
  terminal.print(`\n${terminal.style.green('Written')}: ${written.length}, removed: ${removed.length}.`)
  return { exitCode: 0, document: { result: 'written', written, removed } }
}

/** All files of the folder are this command's own: what is on disk is replaced, and what has no table goes. */
async function changesOf(root: string, files: Record<string, string>, docs: readonly PlannedFile[], names: readonly string[]): Promise<FileChange[]> {
  const planned = new Set(docs.map(({ path }) => path))
  const gone = Object.keys(files).filter((name) => /^[^.]+\.[^.]+\.(md|json)$/.test(name) && !planned.has(`${schemaDocsFolder}/${name}`))
  const index = mergeIndex(files['INDEX.md'], names, gone.map((name) => name.replace(/\.(md|json)$/, '')))
  const replacing = [...docs, index].map((file) => ({ ...file, ...(files[nameOf(file.path)] === undefined ? {} : { replaces: files[nameOf(file.path)] as string }) }))
  const orphans = gone.map((name): FileChange => ({ path: `${schemaDocsFolder}/${name}`, kind: 'schema doc', change: 'orphaned', before: files[name] ?? '', after: null, byHand: false }))
  return [...(await compareWithDisk(root, replacing, null)), ...orphans]
}

function nameOf(path: string): string {
  return path.slice(schemaDocsFolder.length + 1)
}
