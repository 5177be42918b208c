/** `verify [spec…]`: all proofs again, on the files as they are on disk. Writes nothing. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Evidence, isGreen } from '../design/evidence.ts'
import type { PlannedFile } from '../design/planned-file.ts'
import { TrrError } from '../errors.ts'
import { fullSample, measureQueries } from '../proofs/measure/measure-queries.ts'
import { readLock } from '../repository/lock.ts'
import { type Repository, readRepository } from '../repository/read.ts'
import { hashText } from '../repository/text-file.ts'
import { formatEvidence } from '../terminal/report-evidence.ts'
import { formatMeasured } from '../terminal/report-measured.ts'
import { formatMutations } from '../terminal/report-mutations.ts'
import type { CommandInput, CommandOutcome } from './command.ts'
import { keepDatabase } from './pipeline/keep-database.ts'
import { locateSpec } from './pipeline/locate-spec.ts'
import type { SpecSource } from './pipeline/locate-spec.ts'
import { historyBehind, openHistory } from './pipeline/open-history.ts'
import { planFiles } from './pipeline/plan-files.ts'
import { generatedSql, proveDesign } from './pipeline/prove-design.ts'
import { tryFaults } from './pipeline/try-faults.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  const repository = await readRepository(input.cwd)
  const words = input.arguments.length > 0 ? input.arguments : repository.designs.map(({ design }) => design)
  if (input.options.keep && words.length !== 1) {
    throw new TrrError({ code: 'USAGE', message: '--keep keeps one database.', remedy: `Name one design: trr-db verify ${words[0] ?? '<spec>'} --keep` })
  }
  if (words.length === 0) input.terminal.print('There are no designs in supabase/designs.')
  const designs: Record<string, unknown>[] = []
  for (const word of words) designs.push(await verifyDesign(input, repository, await locateSpec(word, repository, input.cwd)))
  return { exitCode: designs.some(({ ok }) => ok === false) ? 1 : 0, document: { designs } }
}

async function verifyDesign(input: CommandInput, repository: Repository, source: SpecSource): Promise<Record<string, unknown>> {
  const { terminal } = input
  const lock = await readLock(repository.root, source.design)
  await using server = await terminal.step('Opening a Postgres with the history', (progress) => openHistory(input, { repository, lock, progress }))
  const design = await planFiles({ source, repository, server, lock, now: input.now })
  const { sql, notes } = await filesOnDisk(repository.root, design.sql)
  if (lock && lock.spec !== hashText(source.text)) notes.push(`${source.file} was changed since it was generated: trr-db generate ${source.design}`)
  const later = historyBehind(repository.migrations, lock, input.options.skip)
  const request = { server, design, sql, repository, lock, later, signal: input.signal }
  const proved = await terminal.step('Proving', (progress) => proveDesign(input, { ...request, progress }))
  const mutations = input.options.mutations ? await terminal.step('Trying faults', (progress) => tryFaults(input, { ...request, progress })) : undefined
  const measured = input.options.measure ? await terminal.step('Executing the queries on a sample', (progress) => measureQueries({ server, plan: design.plan, migrations: generatedSql(design, sql).migrations, size: fullSample, progress, signal: input.signal })) : undefined
  const evidence: Evidence = { ...proved, ...(mutations ? { mutations } : {}) }
  for (const note of notes) terminal.note(terminal.style.yellow(`note: ${note}`))
  terminal.print(`\n${terminal.style.bold(source.design)}\n${formatEvidence(evidence, terminal)}\n${mutations ? `${formatMutations(mutations, terminal)}\n` : ''}`)
  if (measured) terminal.print(`${formatMeasured(measured, terminal)}\n`)
  if (input.options.keep) await keepDatabase(input, server, generatedSql(design, sql))
  return { ok: isGreen(evidence) && !(mutations?.survivors ?? []).some(({ effect }) => effect === 'weakening'), design: source.design, spec: source.specPath, evidence, notes, ...(measured ? { measured } : {}) }
}

/** What is on disk counts, edited or not. A file that is missing is taken as it would be generated. */
async function filesOnDisk(root: string, planned: readonly PlannedFile[]): Promise<{ sql: PlannedFile[]; notes: string[] }> {
  const notes: string[] = []
  const sql: PlannedFile[] = []
  for (const file of planned) {
    const text = await readFile(join(root, file.path), 'utf8').catch(() => null)
    if (text === null) notes.push(`${file.path} is not there; what would be generated is proved instead.`)
    else if (hashText(text) !== hashText(file.text)) notes.push(`${file.path} is not what the spec generates; it is proved as it is.`)
    sql.push(text === null ? file : { ...file, text })
  }
  return { sql, notes }
}
