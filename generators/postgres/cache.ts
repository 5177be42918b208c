/** Where binaries, initialised clusters and replayed histories are kept between commands. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { TrrError } from '../errors.ts'
import { isRoot } from './server-user.ts'

const minute = 60_000

/** How long binaries stay that nobody started: a running server still loads from them. */
export const month = 30 * 24 * 60 * minute

/** `TRR_DB_CACHE`, else the user's cache directory; for root a place that the server's user can read. */
export function cacheRoot(): string {
  const named = process.env['TRR_DB_CACHE']
  if (named) return named
  if (!isRoot()) return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'trr-db')
  try {
    mkdirSync('/var/cache/trr-db', { recursive: true, mode: 0o755 })
    return '/var/cache/trr-db'
  } catch {
    return join(tmpdir(), 'trr-db-cache')
  }
}

/** A short hash of everything that a cached directory depends on. */
export function cacheKey(parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part)
  return hash.digest('hex').slice(0, 24)
}

/**
 * The directory `target`, built when it is missing. It is built elsewhere and renamed into place, so that a reader sees
 * all of it or nothing, and several processes may build the same one at once: the first to finish wins.
 */
export async function buildOnce(target: string, build: (staging: string) => Promise<void>): Promise<string> {
  if (existsSync(target)) {
    await touch(target)
    return target
  }
  const staging = `${target}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  try {
    await makeFolder(dirname(target))
    await build(staging)
    await rename(staging, target)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    const { code } = error as NodeJS.ErrnoException
    if ((code === 'ENOTEMPTY' || code === 'EEXIST') && existsSync(target)) return target
    throw diskError(error, target)
  }
  return target
}

/** Node's own recursive mkdir never ends where a file system says ENOENT to every new folder, as /proc does. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return
  await makeFolder(dirname(path))
  await mkdir(path, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
    throw new TrrError({ code: 'DISK', message: `The cache folder "${path}" cannot be made (${error.code}).`, remedy: 'Set TRR_DB_CACHE to a directory that you may write.' }, { cause: error })
  })
}

/**
 * Deletes all but the newest directories of a cache folder. Whoever uses one touches it first and then works on a copy,
 * so that one that has been idle for ten minutes is in nobody's hands.
 */
export async function evict(folder: string, { keep, idle = 10 * minute }: { keep: number; idle?: number }): Promise<void> {
  const entries = await Promise.all((await readdir(folder).catch(() => [])).map((name) => age(join(folder, name))))
  const [staging, built] = [entries.filter(({ path }) => path.endsWith('.tmp')), entries.filter(({ path }) => !path.endsWith('.tmp'))]
  const surplus = built.toSorted((left, right) => left.milliseconds - right.milliseconds).slice(keep)
  const stale = [
    ...surplus.filter(({ milliseconds }) => milliseconds > idle),
    ...staging.filter(({ milliseconds }) => milliseconds > 60 * minute),
  ]
  await Promise.all(stale.map(({ path }) => rm(path, { recursive: true, force: true })))
}

async function age(path: string): Promise<{ path: string; milliseconds: number }> {
  const found = await stat(path).catch(() => undefined)
  return { path, milliseconds: found ? Date.now() - found.mtimeMs : 0 }
}

async function touch(path: string): Promise<void> {
  const now = new Date()
  await utimes(path, now, now).catch(() => undefined)
}

const remedies: Record<string, string> = {
  ENOSPC: 'Free some disk space, or set TRR_DB_CACHE to a directory on another disk.',
  EDQUOT: 'Free some disk space, or set TRR_DB_CACHE to a directory on another disk.',
  EROFS: 'Set TRR_DB_CACHE to a directory that can be written.',
  EACCES: 'Set TRR_DB_CACHE to a directory that you may write.',
  EPERM: 'Set TRR_DB_CACHE to a directory that you may write.',
}

/** A full or read-only disk as an error for a person; every other error unchanged. */
export function diskError(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  const remedy = remedies[code ?? '']
  if (!remedy) return error
  return new TrrError({ code: 'DISK', message: `The cache "${path}" cannot be written: ${message}.`, remedy }, { cause: error })
}
