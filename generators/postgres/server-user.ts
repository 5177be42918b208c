/** The account that the server runs as. Postgres refuses root. */
import { readFileSync, statSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import { TrrError } from '../errors.ts'

/** Present only when this process is root and the server must be another user. */
export interface ServerUser {
  uid: number
  gid: number
}

/** True for root on systems that have one. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Whom to run the server as: `postgres` or `nobody` for root, otherwise the caller (an empty object). */
export function serverUser(): ServerUser | Record<string, never> {
  if (!isRoot()) {
    requirePasswdEntry()
    return {}
  }
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'))
  const account = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody')
  if (account) return { uid: Number(account[2]), gid: Number(account[3]) }
  throw new TrrError({
    code: 'SERVER_FAILED',
    message: 'Postgres refuses to run as root, and /etc/passwd has neither "postgres" nor "nobody".',
    remedy: 'Run trr-db as an ordinary user, or add one: adduser --system postgres',
  })
}

/** Gives a directory to the server's user. */
export async function giveToServerUser(path: string): Promise<void> {
  const { uid, gid } = serverUser()
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
}

/** Fails when the server's user does not exist, or cannot reach root's cache, for example below /root. */
export function requireServerUser(path: string): void {
  serverUser()
  if (!isRoot()) return
  for (let directory = resolve(path); ; directory = dirname(directory)) {
    const mode = statSync(directory, { throwIfNoEntry: false })?.mode
    if (mode !== undefined && (mode & 0o001) === 0) {
      throw new TrrError({
        code: 'SERVER_FAILED',
        message: `Postgres refuses to run as root, and its own user cannot enter "${directory}".`,
        remedy: 'Set TRR_DB_CACHE to a directory that every user may enter, for example /var/cache/trr-db.',
      })
    }
    if (directory === dirname(directory)) return
  }
}

// initdb and the server look their own user up and fail without an entry.
function requirePasswdEntry(): void {
  try {
    userInfo()
  } catch (cause) {
    const message = `Postgres needs a user that /etc/passwd names; ${process.getuid?.()} has no entry.`
    const remedy = 'Run the container as a user that exists in it, or as root.'
    throw new TrrError({ code: 'SERVER_FAILED', message, remedy }, { cause })
  }
}
