/** The Supabase folder of a commit, written to a temporary folder straight from git's objects. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { TrrError } from '../errors.ts'
import { git, readBlobs } from './git.ts'

export interface Checkout extends AsyncDisposable {
  /** The folder that stands for the repository's root. */
  root: string
}

/** `root` is the folder that holds `supabase/`; it may lie below the top of the work tree. A commit without one gives an empty project. */
export async function checkOut(root: string, commit: string): Promise<Checkout> {
  const folder = await mkdtemp(join(tmpdir(), 'trr-db-commit-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const prefix = (await ask(root, ['rev-parse', '--show-prefix'])).trim()
    const wanted = [`${prefix}supabase`]
    const written = new Set<string>()
    for (const path of wanted) {
      for (const target of await write(root, { folder, commit, path, written })) if (!wanted.some((known) => target === known || target.startsWith(`${known}/`))) wanted.push(target)
    }
    // Never the project of a folder above the temporary one.
    await mkdir(join(folder, prefix, 'supabase/migrations'), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error
    })
    return { root: join(folder, prefix), [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw error
  }
}

interface Writing {
  folder: string
  commit: string
  path: string
  written: Set<string>
}

/** Returns what links point at: migrations may be kept in another folder. */
async function write(root: string, { folder, commit, path, written }: Writing): Promise<string[]> {
  const listed = await ask(root, ['ls-tree', '-r', '-z', '--full-tree', commit, '--', path])
  const entries = listed.split('\0').flatMap((line) => {
    const [, mode = '', kind, hash = '', file = ''] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(line) ?? []
    const isLink = mode === '120000'
    return kind === 'blob' && isInside(file) && !written.has(file) && (isLink || isRead(file)) ? [{ isLink, hash, file }] : []
  })
  const blobs = await readBlobs(root, entries.map(({ hash }) => hash))
  const targets: string[] = []
  for (const [index, { isLink, file }] of entries.entries()) {
    written.add(file)
    await mkdir(dirname(join(folder, file)), { recursive: true })
    const content = blobs[index] ?? Buffer.alloc(0)
    if (!isLink) await writeFile(join(folder, file), content)
    else {
      const target = normalize(join(dirname(file), content.toString()))
      // A link that leaves the repository stays away: nothing else of this machine is read.
      if (!isInside(target) || content.toString().startsWith('/')) continue
      await symlink(content.toString(), join(folder, file))
      targets.push(target)
    }
  }
  return targets
}

/** Of the Supabase folder only what a replay and a design need. */
function isRead(file: string): boolean {
  const inner = /(?:^|\/)supabase\/(.*)$/s.exec(file)?.[1]
  return inner === undefined || inner === 'config.toml' || /^(migrations|designs)\//.test(inner)
}

function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.split('/').some((part) => part === '..' || part === '.git')
}

async function ask(root: string, args: readonly string[]): Promise<string> {
  const result = await git(root, args)
  if (result.kind === 'ok') return result.output
  const reason = result.kind === 'failed' ? (result.reason.trim().split('\n').at(-1) ?? '') : 'git is not installed'
  throw new TrrError({ code: 'REPO_MISSING', message: `git does not give the files of the commit: ${reason}`, remedy: 'In a shallow or partial clone fetch the history first: git fetch --unshallow' })
}
