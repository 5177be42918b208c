/** Where the server's files lie, and how much room there is. */
import { access, constants, lstat, mkdir, readdir, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheRoot } from './cache.ts'
import { runRoots } from './run-root.ts'

/** The cache folder, made when it is missing. */
export async function cachePlace(): Promise<{ path: string; bytes: number; refused: string | null }> {
  const path = cacheRoot()
  const refused = await mkdir(path, { recursive: true })
    .then(() => access(path, constants.W_OK | constants.X_OK))
    .then(() => null, (error: NodeJS.ErrnoException) => error.code ?? error.message)
  return { path, bytes: await sizeOf(path), refused }
}

/** The folder that new servers run in, and the bytes that are free there. */
export async function runPlace(): Promise<{ path: string; free: number }> {
  const [path] = runRoots()
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await statfs(folder).catch(() => null)
    if (found) return { path, free: found.bavail * found.bsize }
    if (folder === dirname(folder)) return { path, free: 0 }
  }
}

// Files come and go while other commands run.
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? sizeOf(path) : ((await lstat(path).catch(() => null))?.size ?? 0)
    }),
  )
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}
