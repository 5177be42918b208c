/** The whole way of a design: spec → plan → SQL → proof → documents → what that would change on disk. */
import { renderDocuments } from '../../artifacts/index.ts'
import { isGreen } from '../../design/evidence.ts'
import type { Evidence } from '../../design/evidence.ts'
import type { PlannedFile } from '../../design/planned-file.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import { compareWithDisk } from '../../repository/changes.ts'
import type { FileChange } from '../../repository/changes.ts'
import { readLock } from '../../repository/lock.ts'
import type { Lock } from '../../repository/lock.ts'
import type { Repository } from '../../repository/read.ts'
import type { CommandInput } from '../command.ts'
import { requireLock } from './design-identity.ts'
import { noDecisions, settleEdits } from './hand-edits.ts'
import type { EditDecisions } from './hand-edits.ts'
import type { SpecSource } from './locate-spec.ts'
import { lockOf } from './lock-of.ts'
import { openHistory } from './open-history.ts'
import { planFiles } from './plan-files.ts'
import { generatedSql } from './prove-design.ts'
import { proveWithFaults } from './prove-with-faults.ts'
import { schemaDocsState } from './schema-docs-state.ts'
import { measuredOn } from './try-faults.ts'
import { refuseRewrite } from './shipped-history.ts'

/** A proved design, not written yet. */
export interface Expansion {
  design: string
  specPath: string
  evidence: Evidence
  /** True when no proof failed. */
  green: boolean
  changes: FileChange[]
  decisions: EditDecisions
  /** Things that a reader must know and no proof settles. */
  notes: string[]
}

interface ExpandRequest {
  repository: Repository
  source: SpecSource
  /** A server that is up already, with the whole history. */
  server?: ReplayedServer
}

/** Throws a TrrError for a bad spec, broken history or a rewrite of it. A failed proof is a result. */
export async function expandDesign(input: CommandInput, { repository, source, server }: ExpandRequest): Promise<Expansion> {
  const { root } = repository
  const lock = await readLock(root, source.design)
  requireLock(repository, source, lock)
  await using opened = server ? null : await input.terminal.step('Opening a Postgres with the history', (progress) => openHistory(input, { repository, lock, progress }))
  const ready = (server ?? opened) as ReplayedServer
  const design = await planFiles({ source, repository, server: ready, lock, now: input.now })
  const decisions = noDecisions()
  const firstChanges = await compareWithDisk(root, [design.spec, ...design.sql], lock)
  await refuseRewrite(root, firstChanges.filter(isOfStage(design.sql)), lock, source)
  await settleEdits(input, firstChanges.filter(isOfStage(design.sql)), lock, decisions)

  const sql = asOnDisk(design.sql, firstChanges, decisions)
  const evidence = await input.terminal.step('Proving', (progress) => proveWithFaults(input, { server: ready, design, sql, repository, lock, progress }))
  const schemaDocs = await schemaDocsState({ repository, server: ready, migrations: generatedSql(design, sql).migrations, lock, evidence })
  const documents = await renderDocuments({ ...design, evidence, sql, schemaDocs })
  const files = [design.spec, ...design.sql, ...documents]
  const changes = await compareWithDisk(root, files, lock)
  await settleEdits(input, changes, lock, decisions)
  const lockFile = lockOf(design, files, { before: lock, conflicts: decisions.conflicts, mutations: evidence.mutations, measuredOn: measuredOn(design, sql) })
  return {
    design: design.plan.spec.design,
    specPath: source.specPath,
    evidence,
    green: isGreen(evidence),
    changes: [...changes, ...(await compareLock(root, lockFile, lock))],
    decisions,
    notes: [...repository.notes, ...design.plan.notes],
  }
}

/** Before the documents exist, theirs look like orphans. */
function isOfStage(sql: readonly PlannedFile[]): (change: FileChange) => boolean {
  const planned = new Set(sql.map(({ path }) => path))
  return ({ path, kind, change }) => planned.has(path) || (change === 'orphaned' && kind !== 'document' && kind !== 'schema doc')
}

/** The SQL that will be on disk in the end: edits that are kept are what is proved. */
function asOnDisk(sql: readonly PlannedFile[], changes: readonly FileChange[], { kept }: EditDecisions): PlannedFile[] {
  const onDisk = new Map(changes.map(({ path, before }) => [path, before]))
  return sql.map((file) => (kept.has(file.path) ? { ...file, text: onDisk.get(file.path) ?? file.text } : file))
}

async function compareLock(root: string, lockFile: PlannedFile, lock: Lock | null): Promise<FileChange[]> {
  const changes = await compareWithDisk(root, [lockFile], lock)
  return changes.filter(({ path }) => path === lockFile.path)
}
