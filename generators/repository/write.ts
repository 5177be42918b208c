/** Writes files: all of them or none. */
import { mkdir, open, readFile, rename, rm, stat, unlink } from 'node:fs/promises'
import { relative } from 'node:path'
import { TrrError } from '../errors.ts'
import type { FileChange } from './changes.ts'
import { type Journal, type JournalEntry, closeJournal, hashBytes, openJournal, stagedPath, undo, undoInterruptedWrite } from './journal.ts'
import { checkWritable, disk, resolveTarget } from './target.ts'

export interface WriteOptions {
  /** Paths of `edited` changes that the person agreed to lose. Others are left alone. */
  overwrite?: ReadonlySet<string>
  /** Paths of `orphaned` changes that the person agreed to remove. Others are left alone. */
  remove?: ReadonlySet<string>
  signal?: AbortSignal
}

export interface WriteResult {
  written: string[]
  removed: string[]
  /** Edited and orphaned files that nobody agreed to touch. */
  left: string[]
}

/**
 * Does the changes. After a failure, a full disk or Ctrl-C the tree is as it was before; after a kill, the next run
 * puts it back. Throws a TrrError: DISK, SPEC_PATH, FILE_EDITED when a file changed since it was compared, INTERRUPTED.
 */
export async function writeFiles(root: string, changes: readonly FileChange[], options: WriteOptions = {}): Promise<WriteResult> {
  const { signal } = options
  await undoInterruptedWrite(root)
  const chosen = changes.filter((change) => isWanted(change, options))
  const left = changes.filter((change) => change.change !== 'same' && !chosen.includes(change)).map((change) => change.path)
  const targets = await Promise.all(chosen.map((change) => resolveTarget(root, change.path)))
  const entries = await Promise.all(targets.map((target, index) => journalEntry(target.file, chosen[index] as FileChange)))
  await checkWritable(root, targets, sum(chosen.map((change) => (change.after?.length ?? 0) + (change.before?.length ?? 0))))
  if (chosen.length > 0) {
    const folders = [...new Set(targets.flatMap((target) => target.newFolders))].toSorted((a, b) => a.length - b.length)
    await perform(root, { processId: process.pid, folders, entries }, chosen, signal)
  }
  const pathsWith = (removed: boolean) => chosen.filter((change) => (change.after === null) === removed).map((change) => change.path)
  return { written: pathsWith(false), removed: pathsWith(true), left }
}

async function perform(root: string, journal: Journal, changes: readonly FileChange[], signal: AbortSignal | undefined): Promise<void> {
  stopIfAborted(signal)
  await openJournal(root, journal).catch((error: unknown) => {
    throw failure(error, 'supabase')
  })
  let current = ''
  try {
    for (const folder of journal.folders) {
      current = relative(root, folder)
      await mkdir(folder)
    }
    for (const [index, { staged, mode }] of journal.entries.entries()) {
      const { path, after } = changes[index] as FileChange
      current = path
      stopIfAborted(signal)
      if (after !== null) await stage(staged, after, mode)
    }
    for (const [index, { file, staged }] of journal.entries.entries()) {
      const { path, after } = changes[index] as FileChange
      current = path
      stopIfAborted(signal)
      await (after === null ? unlink(file) : rename(staged, file))
    }
    stopIfAborted(signal)
    await closeJournal(root)
  } catch (error) {
    await undo(root, journal).catch((cause: unknown) => {
      throw new TrrError({ code: 'DISK', message: `Writing failed, and so did putting back what was there (${(cause as Error).message}).`, remedy: 'Repair the disk and run trr-db again: it puts the files back first.' }, { cause })
    })
    throw failure(error, current)
  }
}

function isWanted(change: FileChange, { overwrite, remove }: WriteOptions): boolean {
  if (change.change === 'edited') return overwrite?.has(change.path) ?? false
  if (change.change === 'orphaned') return remove?.has(change.path) ?? false
  return change.change !== 'same'
}

async function journalEntry(file: string, change: FileChange): Promise<JournalEntry> {
  const before = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new TrrError(disk(change.path, `it cannot be read (${error.code ?? 'unknown reason'})`))
  })
  if ((before?.toString('utf8') ?? null) !== change.before) {
    throw new TrrError({ code: 'FILE_EDITED', message: `"${change.path}" was changed while trr-db was running.`, remedy: 'Nothing was written. Run again to see the new differences.', place: { file: change.path } })
  }
  const mode = before === null ? null : (await stat(file)).mode & 0o777
  return { file, staged: stagedPath(file), before: before?.toString('base64') ?? null, mode, after: change.after === null ? null : hashBytes(Buffer.from(change.after)) }
}

async function stage(staged: string, text: string, mode: number | null): Promise<void> {
  await rm(staged, { force: true })
  const file = await open(staged, 'wx', mode ?? 0o666)
  try {
    await file.writeFile(text)
    if (mode !== null) await file.chmod(mode)
    await file.sync()
  } finally {
    await file.close()
  }
}

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TrrError({ code: 'INTERRUPTED', message: 'Interrupted. Nothing was written.' })
}

/** What the system refused becomes an error with a remedy; anything else is a bug and keeps its stack. */
function failure(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (error instanceof TrrError || code === undefined) return error
  if (code === 'EEXIST' && path === 'supabase') return new TrrError(disk(path, 'another trr-db is writing into this repository'), { cause: error })
  const reasons: Record<string, string> = { ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up', EROFS: 'the file system is read-only', EACCES: 'permission denied', EPERM: 'permission denied' }
  return new TrrError(disk(path, `${reasons[code] ?? 'the system refused'} (${code})`), { cause: error })
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0)
}
