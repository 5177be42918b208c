/**
 * The journal of a write: what was there before. It lies in `supabase/` while files are being written and is removed at
 * the end. Whoever finds one undoes the write: the same run after a failure, the next run after a kill.
 */
import { createHash } from 'node:crypto'
import { open, readFile, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { TrrError } from '../errors.ts'

export interface Journal {
  processId: number
  /** Folders that the write makes, outermost first. Absolute, as are all paths here. */
  folders: string[]
  entries: JournalEntry[]
}

export interface JournalEntry {
  file: string
  /** New text, until it is moved to its place. */
  staged: string
  /** Old bytes in base64; null when there was no file. */
  before: string | null
  mode: number | null
  /** Hash of the new bytes; null when the file is removed. */
  after: string | null
}

/** A journal that is older cannot belong to a live write, which takes milliseconds. */
const longestWrite = 60_000

/** Relative to the repository's root. */
export const journalPath = 'supabase/.trr-db-journal'

/** Puts the journal on the disk, before anything else is touched. */
export async function openJournal(root: string, journal: Journal): Promise<void> {
  // Exclusive: two runs never write at the same time.
  const file = await open(join(root, journalPath), 'wx', 0o600)
  try {
    await file.writeFile(JSON.stringify(journal))
    await file.sync()
  } catch (error) {
    await rm(join(root, journalPath), { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** Ends the write: from here on it cannot be undone. */
export async function closeJournal(root: string): Promise<void> {
  await unlink(join(root, journalPath))
}

/** Undoes a write whose process was killed. Says in sentences what was done; nothing without a journal. */
export async function undoInterruptedWrite(root: string): Promise<string[]> {
  const path = join(root, journalPath)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new TrrError({ code: 'DISK', message: `"${journalPath}" cannot be read (${error.code ?? 'unknown reason'}).`, remedy: 'It holds what a killed run had replaced. Make it readable and run again.' })
  })
  if (text === null) return []
  const journal = parseJournal(text)
  const { mtimeMs } = await stat(path)
  if (Math.abs(Date.now() - mtimeMs) < longestWrite && isAlive(journal?.processId)) {
    throw new TrrError({ code: 'DISK', message: 'Another trr-db is writing into this repository.', remedy: 'Wait until it has ended, then run again. If none is running, this clears itself after a minute.', place: { file: journalPath } })
  }
  // A journal is complete before the first file is touched. A torn one has nothing to undo.
  if (journal === null) {
    await unlink(path)
    return []
  }
  const kept = await undo(root, journal)
  return ['An earlier run was killed while it wrote. Its files were put back as they were.', ...kept.map((file) => `${file} was changed since, and is left as it is.`)]
}

/** Puts back what the journal holds and removes it. Returns the files that somebody else changed in between: they stay. */
export async function undo(root: string, journal: Journal): Promise<string[]> {
  const kept: string[] = []
  // First of all, so that a full disk has room for what follows.
  for (const { staged } of journal.entries) await rm(staged, { force: true })
  for (const { file, staged, before, mode, after } of journal.entries) {
    const current = await hashOnDisk(file)
    const old = before === null ? null : Buffer.from(before, 'base64')
    if (current === (old && hashBytes(old))) continue
    if (current !== after) kept.push(relative(root, file))
    else if (old === null) await rm(file, { force: true })
    else {
      await writeFile(staged, old, { mode: mode ?? 0o644 })
      await rename(staged, file)
    }
  }
  // Only empty ones go: somebody may have put a file there.
  for (const folder of journal.folders.toReversed()) await rmdir(folder).catch(() => undefined)
  await rm(join(root, journalPath), { force: true })
  return kept
}

/** Name of the staged text beside its file. The leading dot keeps it out of every runner's pattern. */
export function stagedPath(file: string): string {
  return join(dirname(file), `.${file.slice(dirname(file).length + 1)}.trr-db`)
}

/** Hash of bytes, as the journal holds it. */
export function hashBytes(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function hashOnDisk(file: string): Promise<string | null> {
  return readFile(file).then(hashBytes, () => null)
}

function parseJournal(text: string): Journal | null {
  try {
    return JSON.parse(text) as Journal
  } catch {
    return null
  }
}

function isAlive(processId: number | undefined): boolean {
  if (processId === undefined || processId === process.pid) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
