/** One directory per running server: its data, its log and, where the path is short enough, its socket. */
import { createHash, randomBytes } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { TrrError } from '../errors.ts'
import { diskError } from './cache.ts'
import { runRoots } from './run-root.ts'
import { giveToServerUser, serverUser } from './server-user.ts'

/** The directories of one server. */
export interface RunDirectory {
  path: string
  /** Where the server listens. */
  socket: string
}

// sun_path holds 108 bytes on Linux and 104 elsewhere; the server adds "/.s.PGSQL.5432".
const longestSocketFolder = 85
const week = 7 * 24 * 3600_000

/** A fresh directory that belongs to the server's user. Its name says which process owns it. */
export async function createRunDirectory(): Promise<RunDirectory> {
  const [runs] = runRoots()
  const path = join(runs, `${hostKey()}-${process.pid}-${randomBytes(3).toString('hex')}`)
  try {
    await mkdir(runs, { recursive: true, mode: 0o755 })
    await requireOwn(runs)
    await giveToServerUser(runs)
    await mkdir(path, { mode: 0o700 })
    const socket = Buffer.byteLength(path) <= longestSocketFolder ? path : await shortFolder(path)
    await giveToServerUser(path)
    return { path, socket }
  } catch (error) {
    throw diskError(error, path)
  }
}

/** Removes what dead processes left behind, their servers included. Normally the watchdog has done it already. */
export async function sweepRunDirectories(): Promise<void> {
  for (const runs of runRoots()) {
    for (const name of await readdir(runs).catch(() => [])) {
      if (await isStale(join(runs, name), name)) await removeRunDirectory(join(runs, name))
    }
  }
}

/** Stops the server that still uses a run directory, if there is one, and deletes everything. */
async function removeRunDirectory(path: string): Promise<void> {
  const pid = Number((await readFile(join(path, 'data', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0])
  if (pid && (await commandOf(pid)).includes(path)) stopAtOnce(pid)
  const socket = await readlink(join(path, 'socket')).catch(() => undefined)
  if (socket) await rm(socket, { recursive: true, force: true })
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }).catch(() => undefined)
}

// /dev/shm is open to everyone: somebody else's folder or link of that name is not used.
async function requireOwn(runs: string): Promise<void> {
  const found = await lstat(runs)
  const owners = [process.getuid?.(), serverUser().uid]
  if (found.isDirectory() && (process.getuid === undefined || owners.includes(found.uid))) return
  const message = `"${runs}" belongs to another user, so no server is started in it.`
  throw new TrrError({ code: 'SERVER_FAILED', message, remedy: `Remove it: rm -r ${runs}` })
}

// A cache may be shared by containers, and a process of another container looks dead from here.
async function isStale(path: string, name: string): Promise<boolean> {
  const [host, pid] = name.split('-')
  if (host === hostKey()) return !isAlive(Number(pid))
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs > week
}

function hostKey(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 6)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function commandOf(pid: number): Promise<string> {
  const { execa } = await import('execa')
  const { stdout } = await execa('ps', ['-o', 'args=', '-ww', '-p', String(pid)], { reject: false })
  return stdout ?? ''
}

function stopAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT')
  } catch {
    // It has ended by itself.
  }
}

async function shortFolder(path: string): Promise<string> {
  const root = Buffer.byteLength(tmpdir()) <= longestSocketFolder - 16 ? tmpdir() : '/tmp'
  const folder = await mkdtemp(join(root, 'trr-db-'))
  await giveToServerUser(folder)
  await symlink(folder, join(path, 'socket'))
  return folder
}
