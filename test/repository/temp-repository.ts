/** Repositories in temporary folders. */
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { FileChange } from '../../generators/repository/changes.ts'

/** A folder with the given files; removed when the test ends. */
export async function tempRepository(files: Record<string, string | Buffer> = {}): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'trr-db-test-')))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await mkdir(join(root, 'supabase'))
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  return root
}

/** Every path below the folder, with the text of files. Folders end with `/`. */
export async function treeOf(root: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {}
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const shown = path.slice(root.length + 1)
    if (shown.startsWith('.git')) continue
    if (entry.isDirectory()) tree[`${shown}/`] = ''
    else tree[shown] = await readFile(path, 'utf8').catch(() => 'a link to nothing')
  }
  return tree
}

/** A change of a file as `compareWithDisk` gives it. */
export function change(path: string, before: string | null, after: string | null): FileChange {
  const kind = before === null ? 'create' : after === null ? 'orphaned' : 'update'
  return { path, kind: 'document', change: kind, before, after, byHand: false }
}
