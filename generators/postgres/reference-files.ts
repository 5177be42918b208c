/** SQL that ships with the package. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../render/package-root.ts'

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
