/** Files that ship with the package, found from the sources and from `dist/` alike. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One shipped SQL file. */
export interface ReferenceFile {
  name: string
  sql: string
}

/** The SQL files of a folder below `references/`, in name order. */
export async function readReferences(...folder: string[]): Promise<ReferenceFile[]> {
  const directory = join(packageRoot(), 'references', ...folder)
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).toSorted()
  return Promise.all(names.map(async (name) => ({ name, sql: await readFile(join(directory, name), 'utf8') })))
}

function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(directory, 'references'))) directory = dirname(directory)
  return directory
}
