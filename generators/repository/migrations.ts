/** `supabase/migrations`: which files the runner applies, and in which order. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { SqlFile } from '../design/sql-file.ts'
import type { Issue } from '../errors.ts'
import { readText } from './text-file.ts'

export interface MigrationFile extends SqlFile {
  /** The digits before the first underscore, as text. */
  version: string
  /** The words after it, without `.sql`. */
  name: string
}

export interface MigrationFolder {
  /** In the order in which they are applied. */
  files: MigrationFile[]
  notes: string[]
  issues: Issue[]
}

export const migrationsFolder = 'supabase/migrations'

/** Reads the folder as Supabase's runner does: direct children, `<digits>_<name>.sql`, in the order of their bytes. */
export async function readMigrations(root: string): Promise<MigrationFolder> {
  const folder: MigrationFolder = { files: [], notes: [], issues: [] }
  for (const entry of await fileNames(root, folder)) {
    const [, version, name] = /^([0-9]+)_(.*)\.sql$/.exec(entry) ?? []
    const path = `${migrationsFolder}/${entry}`
    if (version === undefined || name === undefined) {
      if (entry.endsWith('.sql')) folder.notes.push(`${path} is not applied: its name is not <digits>_<name>.sql.`)
      continue
    }
    if (folder.files.length === 0 && isOldInit(version, name)) {
      folder.notes.push(`${path} is not applied: Supabase skips a first file called init from before 2021-12-09.`)
      continue
    }
    const { text, issue } = await readText(join(root, path), path)
    if (issue) folder.issues.push(issue)
    else if (text === null) folder.issues.push({ code: 'DISK', message: `"${path}" is a link to nothing.`, remedy: 'Restore the file that it points to, or remove the link.', place: { file: path } })
    if (text !== null) folder.files.push({ path, version, name, sql: text })
  }
  folder.notes.push(...remarks(folder.files))
  return folder
}

async function fileNames(root: string, folder: MigrationFolder): Promise<string[]> {
  try {
    const entries = await readdir(join(root, migrationsFolder), { withFileTypes: true })
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name).toSorted(byBytes)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') {
      folder.issues.push({ code: 'DISK', message: `"${migrationsFolder}" cannot be read (${code ?? 'unknown reason'}).`, remedy: 'It must be a folder that you may read.', place: { file: migrationsFolder } })
    }
    return []
  }
}

/** The order of Go's sort, not of the locale. */
export function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}

function isOldInit(version: string, name: string): boolean {
  return name === 'init' && version.length === 14 && version < '20211209000000'
}

function remarks(files: MigrationFile[]): string[] {
  const notes: string[] = []
  const widths = new Set(files.map((file) => file.version.length))
  if (widths.size > 1) {
    notes.push(`The numbers of ${migrationsFolder} have different widths (${[...widths].toSorted((a, b) => a - b).join(', ')} digits); files are applied in the order of their text.`)
  }
  for (const file of files) {
    if (/(^|[._-])down$/i.test(file.name)) notes.push(`${file.path} looks like a rollback, and the runner applies it as a migration: move it to supabase/rollbacks.`)
    const twin = files.find((other) => other !== file && other.version === file.version)
    if (twin && byBytes(file.path, twin.path) < 0) notes.push(`${file.path} and ${twin.path} have the same number: the runner's history holds each number once.`)
    if (file.sql.startsWith('\uFEFF')) notes.push(`${file.path} begins with a byte order mark, which Postgres refuses.`)
  }
  return notes
}
