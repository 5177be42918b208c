/** What writing the planned files would do to the files on disk. */
import { join } from 'node:path'
import type { FileKind, PlannedFile } from '../design/planned-file.ts'
import { type Issue, TrrError } from '../errors.ts'
import type { Lock } from './lock.ts'
import { hashText, readText } from './text-file.ts'

export interface FileChange {
  path: string
  kind: FileKind
  /**
   * `create`: nothing is there · `same`: nothing to do · `update`: on disk is what was generated last time ·
   * `edited`: on disk is something else, by hand or from elsewhere · `orphaned`: of the lock, no longer generated.
   */
  change: 'create' | 'same' | 'update' | 'edited' | 'orphaned'
  /** Text on disk; null when there is no such file. */
  before: string | null
  /** Text to write; null for `orphaned`. */
  after: string | null
  /** The text on disk is not what the lock says. */
  byHand: boolean
}

/** Written by machines only: a foreign hash is no edit by hand. */
const machineMade: readonly FileKind[] = ['lock']

/** Compares planned files, in their order, then the orphans of the lock, with what is on disk. */
export async function compareWithDisk(root: string, files: readonly PlannedFile[], lock: Lock | null): Promise<FileChange[]> {
  const hashes = new Map(lock?.files.map((file) => [file.path, file.sha256]))
  const planned = new Set(files.map((file) => file.path))
  const orphans = (lock?.files ?? []).filter((file) => !planned.has(file.path) && !machineMade.includes(file.kind))
  const issues: Issue[] = []
  const onDisk = async (path: string) => {
    const { text, issue } = await readText(join(root, path), path)
    if (issue) issues.push(issue)
    return text
  }
  const changes: FileChange[] = []
  for (const { path, kind, text, replaces } of files) {
    const before = await onDisk(path)
    const expected = [hashes.get(path), ...(replaces === undefined ? [] : [hashText(replaces)])]
    const byHand = before !== null && !machineMade.includes(kind) && !expected.includes(hashText(before))
    changes.push({ path, kind, before, after: text, byHand, change: changeOf(before, text, byHand) })
  }
  for (const { path, kind, sha256 } of orphans) {
    const before = await onDisk(path)
    if (before !== null) changes.push({ path, kind, before, after: null, byHand: hashText(before) !== sha256, change: 'orphaned' })
  }
  if (issues.length > 0) throw new TrrError(issues)
  return changes
}

function changeOf(before: string | null, after: string, byHand: boolean): FileChange['change'] {
  if (before === null) return 'create'
  if (hashText(before) === hashText(after)) return 'same'
  return byHand ? 'edited' : 'update'
}
