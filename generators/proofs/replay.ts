/** Claim: the new files apply on the history in every way in which Supabase runs them, twice does no harm, and so does dying in between. */
import type { ReplayEvidence } from '../design/evidence.ts'
import type { GeneratedSql, SqlFile } from '../design/sql-file.ts'
import type { Database } from '../postgres/database.ts'
import { fingerprint } from '../postgres/fingerprint.ts'
import { type RunnerMode, applyFiles, applyIn } from '../postgres/replay.ts'
import type { ReplayedServer } from '../postgres/server.ts'
import { loadParser } from '../sql/parser.ts'
import { catalogOf, describeDifference, sameCatalog } from './catalog-state.ts'
import { type InterruptedFile, interruptFile } from './interrupt.ts'
import { refusalOf, stopIfAborted } from './proof-error.ts'

export interface ReplayProofInput {
  server: Pick<ReplayedServer, 'createDatabase'>
  sql: Pick<GeneratedSql, 'migrations'>
  /** How many files the history had. */
  historyFiles: number
  /** Files die only when this has ended, and alone. */
  deathsAfter?: Promise<unknown>
  signal?: AbortSignal
}

const modes = ['transaction', 'pipeline', 'serial'] as const satisfies readonly RunnerMode[]

/** Applies the files in each runner mode, applies them again, and kills each in between. */
export async function proveReplay({ server, sql, historyFiles, deathsAfter, signal }: ReplayProofInput): Promise<ReplayEvidence> {
  await loadParser()
  const { migrations } = sql
  const evidence: ReplayEvidence = { status: 'proved', findings: [], historyFiles, files: migrations.map(({ path }) => path), modes: [], again: [], interrupted: [] }
  const fail = (finding: string) => {
    evidence.status = 'failed'
    evidence.findings.push(finding)
  }
  const catalogs = new Map<RunnerMode, string[]>()
  const whole = await server.createDatabase()
  try {
    const runs = await Promise.all(modes.map(async (mode) => ({ mode, applied: await (mode === 'transaction' ? applyAll(whole, migrations, mode) : applyElsewhere(server, migrations, mode)) })))
    stopIfAborted(signal)
    for (const { mode, applied } of runs) {
      evidence.modes.push({ mode, outcome: Array.isArray(applied) ? 'applied' : 'failed' })
      if (Array.isArray(applied)) catalogs.set(mode, applied)
      else fail(`Applied in ${mode} mode: ${applied.refused}`)
    }
    const wanted = catalogs.get('transaction')
    if (!wanted) return evidence
    for (const [mode, catalog] of catalogs) {
      if (!sameCatalog(wanted, catalog)) fail(`${mode} mode gives another catalog than transaction mode: ${describeDifference(wanted, catalog)}.`)
    }
    // Both have ended before the caller stops the server, whatever one of them met.
    const twice = applyAgain(server, whole, migrations, wanted, signal)
    const dying = async () => {
      if (deathsAfter) await Promise.allSettled([twice, deathsAfter])
      return await interruptAll(server, migrations, wanted, signal)
    }
    const rest = [twice, dying()] as const
    await Promise.allSettled(rest)
    const [again, interruptions] = await Promise.all(rest)
    evidence.again = again.outcomes
    const interrupted = interruptions.files
    for (const finding of [...again.findings, ...interruptions.findings]) fail(finding)
    evidence.interrupted = interrupted.map(({ file, statements, outcome }) => ({ file, statements, outcome }))
    for (const { finding } of interrupted) if (finding !== null) fail(finding)
    const open = interrupted.flatMap((one) => one.open ?? [])
    evidence.findings.push(...open)
    if (open.length > 0 && evidence.status === 'proved') evidence.status = 'open'
    return evidence
  } finally {
    await whole.drop()
  }
}

async function applyAll(database: Database, files: readonly SqlFile[], mode: RunnerMode): Promise<string[] | { refused: string }> {
  try {
    await using session = await database.connect()
    await applyIn(session, database, files, { mode })
    return await fingerprint(session)
  } catch (error) {
    return { refused: refusalOf(error) }
  }
}

async function applyElsewhere(server: ReplayProofInput['server'], files: readonly SqlFile[], mode: RunnerMode): Promise<string[] | { refused: string }> {
  const database = await server.createDatabase()
  try {
    return await applyAll(database, files, mode)
  } finally {
    await database.drop()
  }
}

/** All of them once more on `whole`, which has them; the catalog is looked at in the end, and after each file when it is another one. */
async function applyAgain(
  server: ReplayProofInput['server'],
  whole: Database,
  files: readonly SqlFile[],
  wanted: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ outcomes: ReplayEvidence['again']; findings: string[] }> {
  const together = await applyEach(whole, files)
  if (sameCatalog(wanted, together.catalog)) return { outcomes: files.map(({ path }, index) => ({ file: path, outcome: outcomeOf(together.refusals[index]) })), findings: [] }
  const outcomes: ReplayEvidence['again'] = []
  const findings: string[] = []
  const complete = await server.createDatabase()
  try {
    await applyFiles(complete, files)
    for (const file of files) {
      stopIfAborted(signal)
      const database = await server.createDatabase({ from: complete })
      const { refusals, catalog } = await applyEach(database, [file])
      await database.drop()
      const same = sameCatalog(wanted, catalog)
      outcomes.push({ file: file.path, outcome: same ? outcomeOf(refusals[0]) : 'changed the catalog' })
      if (!same) findings.push(`${file.path} applied a second time changes the catalog: ${describeDifference(wanted, catalog)}.`)
    }
    return { outcomes, findings }
  } finally {
    await complete.drop()
  }
}

/** Each on what the one before left, refused or not; what was refused, by the number of the file. */
async function applyEach(database: Database, files: readonly SqlFile[]): Promise<{ refusals: (string | null)[]; catalog: string[] }> {
  await using session = await database.connect()
  const refusals: (string | null)[] = []
  for (const file of files) refusals.push(await applyIn(session, database, [file]).then(() => null, refusalOf))
  return { refusals, catalog: await fingerprint(session) }
}

function outcomeOf(refusal: string | null | undefined): ReplayEvidence['again'][number]['outcome'] {
  return refusal === null ? 'same catalog' : 'refused without effect'
}

async function interruptAll(
  server: ReplayProofInput['server'],
  files: readonly SqlFile[],
  wanted: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ files: (InterruptedFile & { file: string })[]; findings: string[] }> {
  const interrupted: (InterruptedFile & { file: string })[] = []
  const before = await server.createDatabase()
  for (const [index, file] of files.entries()) {
    stopIfAborted(signal)
    interrupted.push({ file: file.path, ...(await interruptFile({ server, before, file, later: files.slice(index + 1), wanted })) })
    await applyFiles(before, [file])
  }
  // Every death was taken back, so the files must have come to the same end.
  const found = await catalogOf(before)
  await before.drop()
  return { files: interrupted, findings: sameCatalog(wanted, found) ? [] : [`A file that was cut off and rolled back left something: ${describeDifference(wanted, found)}.`] }
}
