/** What is already history: files on the base branch, where others have them and databases may have run them. */
import { git, gitTrouble } from './git.ts'

export interface Shipped {
  /** Ref that was asked, for example `origin/main`; null when there is none to ask. */
  base: string | null
  paths: Set<string>
  /** Why nothing could be known; null otherwise. */
  note: string | null
}

/** In this order; the first that exists is the base. `origin/HEAD` is the default branch of the remote. */
export const bases = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master']

/** Which of the paths (relative to `root`) are on the base branch. Without git nothing counts as shipped, and `note` says so. */
export function shippedPaths(root: string, paths: readonly string[]): Promise<Shipped> {
  const wanted = new Set(paths)
  return onBase(root, paths, (path) => wanted.has(path))
}

/** Every file that the base branch holds in a folder, on disk or not. */
export function shippedBelow(root: string, folder: string): Promise<Shipped> {
  return onBase(root, [folder], (path) => path.startsWith(`${folder}/`))
}

async function onBase(root: string, paths: readonly string[], isWanted: (path: string) => boolean): Promise<Shipped> {
  const trouble = await gitTrouble(root)
  if (trouble !== null) return unknown(trouble)
  for (const base of bases) {
    const found = await git(root, ['rev-parse', '--verify', '--quiet', `${base}^{commit}`])
    if (found.kind !== 'ok') continue
    const listed = paths.length === 0 ? [] : await listPaths(root, found.output.trim(), paths)
    if (listed === null) return unknown(`git cannot read ${base}`)
    return { base: await fullName(root, base), paths: new Set(listed.filter(isWanted)), note: null }
  }
  return unknown(`There is no base branch (${bases.slice(1).join(', ')})`)
}

function unknown(reason: string): Shipped {
  return { base: null, paths: new Set(), note: `${reason}: no migration is taken for history.` }
}

async function listPaths(root: string, commit: string, paths: readonly string[]): Promise<string[] | null> {
  // From a sub-folder of the work tree, ls-tree takes and prints paths relative to it.
  const listed = await git(root, ['ls-tree', '-r', '-z', '--name-only', commit, '--', ...paths])
  return listed.kind === 'ok' ? listed.output.split('\0').filter(Boolean) : null
}

async function fullName(root: string, base: string): Promise<string> {
  const named = await git(root, ['rev-parse', '--abbrev-ref', base])
  return named.kind === 'ok' ? named.output.trim() : base
}
