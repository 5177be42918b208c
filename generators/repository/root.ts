/** Where the user's repository begins: the folder that holds `supabase/`. */
import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { TrrError } from '../errors.ts'

/**
 * The nearest folder, from `cwd` upwards, with a Supabase project. A folder called `supabase` without `config.toml` and
 * without `migrations` (client code is often kept in one) counts only when nothing better is above it.
 */
export async function findRoot(cwd: string): Promise<string> {
  if (!(await isFolder(cwd))) throw new TrrError({ code: 'REPO_MISSING', message: `There is no folder "${cwd}".`, remedy: 'Name the folder of the repository: --cwd <dir>' })
  let weak: string | null = null
  for (const folder of ancestors(resolve(cwd))) {
    if (!(await isFolder(join(folder, 'supabase')))) continue
    if ((await exists(join(folder, 'supabase', 'config.toml'))) || (await isFolder(join(folder, 'supabase', 'migrations')))) return folder
    weak ??= folder
  }
  if (weak !== null) return weak
  throw new TrrError({
    code: 'REPO_MISSING',
    message: `There is no "supabase" folder in ${resolve(cwd)} or above it.`,
    remedy: 'Run trr-db inside the repository, or create the folder first: supabase init',
  })
}

/** True when the path is a folder, or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isDirectory(), () => false)
}

/** True when there is anything at the path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false)
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...ancestors(parent)]
}
