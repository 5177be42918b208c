/** Where a generated file may be written: inside the repository, through no link that leaves it, into a folder that takes it. */
import { constants } from 'node:fs'
import { access, lstat, realpath, stat, statfs } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { type Issue, TrrError } from '../errors.ts'

export interface Target {
  /** As planned, relative to the root. */
  path: string
  /** Absolute, links resolved. */
  file: string
  /** Folders that must be made, outermost first. */
  newFolders: string[]
}

/** Resolves a planned path. Throws a TrrError when it leads out of the repository or onto something that is no file. */
export async function resolveTarget(root: string, path: string): Promise<Target> {
  const parts = path.split('/')
  if (parts.some((part) => ['', '.', '..', '.git'].includes(part)) || /[\\\0:]/.test(path)) {
    throw new TrrError(outside(path, 'it is no plain path inside the repository'))
  }
  const realRoot = await realpath(root)
  const planned = join(realRoot, path)
  let folder = dirname(planned)
  while (!(await isThere(folder))) folder = dirname(folder)
  const realFolder = await realpath(folder).catch(() => null)
  const file = realFolder && join(realFolder, relative(folder, planned))
  const target = file && (await isThere(file)) ? await realpath(file).catch(() => null) : file
  if (realFolder === null || target === null || !target.startsWith(realRoot + sep)) {
    throw new TrrError(outside(path, 'a symbolic link on the way leaves the repository or leads nowhere'))
  }
  if (!(await stat(realFolder)).isDirectory()) throw new TrrError(disk(path, `"${relative(realRoot, folder)}" is no folder`))
  const found = await stat(target).catch(() => null)
  if (found && !found.isFile()) throw new TrrError(disk(path, 'a folder or device is in the place of the file'))
  return { path, file: target, newFolders: foldersBetween(realFolder, dirname(target)) }
}

function foldersBetween(outer: string, inner: string): string[] {
  return inner.startsWith(outer + sep) ? [...foldersBetween(outer, dirname(inner)), inner] : []
}

/** Asks the system whether all files can be written, before any is. */
export async function checkWritable(root: string, targets: readonly Target[], bytes: number): Promise<void> {
  const issues: Issue[] = []
  const folders = new Map(targets.map((target) => [dirname(target.newFolders[0] ?? target.file), target.path]))
  for (const [folder, path] of folders) {
    const refused = await access(folder, constants.W_OK | constants.X_OK).then(() => null, (error: NodeJS.ErrnoException) => error.code)
    if (refused) issues.push(disk(path, `its folder does not take files (${refused})`))
  }
  const { bavail, blocks, bsize } = await statfs(root)
  // Old and new texts lie side by side for a moment, and the journal holds the old ones again.
  // Some network file systems say that they have no blocks at all.
  if (blocks > 0 && bavail * bsize < bytes * 3 + 65536) issues.push(disk('supabase', 'the disk is full'))
  if (issues.length > 0) throw new TrrError(issues)
}

/** A failure of the disk, with nothing changed. */
export function disk(path: string, reason: string): Issue {
  return { code: 'DISK', message: `"${path}" cannot be written: ${reason}.`, remedy: 'Nothing was changed. Make room or give the permission, then run again.', place: { file: path } }
}

function outside(path: string, reason: string): Issue {
  return { code: 'SPEC_PATH', message: `"${path}" is not written: ${reason}.`, remedy: 'Generated files stay inside the repository. Correct the name in the spec, or replace the link by a folder.' }
}

// A dangling link is there: writing would follow it.
async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(() => true, () => false)
}
