/** The files of `supabase/schema_docs` as they are on disk. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { TrrError } from '../errors.ts'
import { readText } from './text-file.ts'

const folder = 'supabase/schema_docs'

/** Name → text of its Markdown and JSON files; none when there is no folder. */
export async function readSchemaDocs(root: string): Promise<Record<string, string>> {
  const names = (await readdir(join(root, folder)).catch(() => [])).filter((name) => /\.(md|json)$/.test(name)).toSorted()
  const files: Record<string, string> = {}
  for (const name of names) {
    const { text, issue } = await readText(join(root, folder, name), `${folder}/${name}`)
    if (issue) throw new TrrError(issue)
    if (text !== null) files[name] = text
  }
  return files
}
