/** `[select, insert, update(status, done_at), delete]` of a job on one table. */
import { NameError, parseName, splitOutsideQuotes } from '../../names.ts'
import type { JobRight } from '../../job-spec.ts'
import { suggestion } from '../../issues.ts'
import type { Path } from '../../source.ts'
import { type TableSpec, verbs } from '../../spec.ts'
import type { Reading } from '../reading.ts'

export function readRights(reading: Reading, path: Path, table: TableSpec, written: readonly string[], role: string): JobRight[] {
  const rights: JobRight[] = []
  for (const { text, index } of joined(written)) {
    const right = readRight(reading, [...path, index], table, text)
    if (!right) continue
    if (rights.some(({ verb }) => verb === right.verb)) reading.issues.add({ code: 'SPEC_DUPLICATE', path: [...path, index], message: `"${role}" has ${right.verb} twice.`, remedy: 'Write its columns in one list.' })
    else rights.push(right)
  }
  checkInsertable(reading, path, table, rights, role)
  checkActors(reading, path, table, rights, role)
  return verbs.flatMap((verb) => rights.filter((right) => right.verb === verb))
}

/** In a list in brackets, YAML takes the comma between two columns for its own. */
function joined(written: readonly string[]): { text: string; index: number }[] {
  const pieces: { text: string; index: number }[] = []
  for (const [index, text] of written.entries()) {
    const last = pieces.at(-1)
    if (last && last.text.includes('(') && !last.text.includes(')')) last.text = `${last.text}, ${text}`
    else pieces.push({ text, index })
  }
  return pieces
}

function readRight({ issues }: Reading, path: Path, table: TableSpec, text: string): JobRight | null {
  const [, word = '', list] = /^\s*(\w+)\s*(?:\(([^()]*)\))?\s*$/.exec(text) ?? []
  const verb = verbs.find((candidate) => candidate === word.toLowerCase())
  if (!verb) {
    issues.add({ code: 'SPEC_VALUE', path, message: `"${text}" is no right of a job.`, remedy: `${suggestion(word, verbs)} Columns stand in brackets: update(status)` })
    return null
  }
  const columns = list === undefined ? null : readColumns(issues, path, table, list)
  if (verb === 'delete' && columns) issues.add({ code: 'SPEC_CONFLICT', path, message: 'A row is deleted as a whole: delete has no columns.', remedy: 'Write: delete' })
  const writable = table.columns.filter(({ generated, identity }) => generated === null && !identity).map(({ name }) => name)
  if (verb === 'update' && columns === null) {
    const proposed = table.columns.filter(({ name, origin }) => writable.includes(name) && origin === 'declared' && !table.primaryKey.includes(name)).map(({ name }) => name)
    issues.add({ code: 'SPEC_MISSING_KEY', path, message: 'An update by a job names its columns.', remedy: `Write for example: update(${proposed.slice(0, 3).join(', ') || 'status'})` })
    return null
  }
  const fixed = verb === 'select' ? [] : (columns ?? []).filter((column) => table.columns.some(({ name }) => name === column) && !writable.includes(column))
  if (fixed.length > 0) issues.add({ code: 'SPEC_CONFLICT', path, message: `The database gives "${fixed[0]}" of "${table.name}" its value, nobody writes it.`, remedy: `Remove ${fixed.join(', ')}.` })
  return { verb, columns: verb === 'insert' && columns === null ? insertable(table) : columns }
}

/** Everything but what the database keeps itself. */
function insertable(table: TableSpec): string[] {
  return table.columns.filter(({ origin, generated, identity }) => ['declared', 'tenant', 'owner', 'file'].includes(origin) && generated === null && !identity).map(({ name }) => name)
}

function readColumns(issues: Reading['issues'], path: Path, table: TableSpec, list: string): string[] {
  const known = table.columns.map(({ name }) => name)
  const names = splitOutsideQuotes(list, ',').flatMap((part) => {
    try {
      return [parseName(part)]
    } catch (error) {
      if (!(error instanceof NameError)) throw error
      issues.add({ code: 'SPEC_NAME', path, message: error.message, remedy: error.remedy })
      return []
    }
  })
  for (const name of names) if (!known.includes(name)) issues.unknown({ path, what: `column of "${table.name}" called`, name, known })
  return [...new Set(names.filter((name) => known.includes(name)))]
}

function checkInsertable({ issues }: Reading, path: Path, table: TableSpec, rights: readonly JobRight[], role: string): void {
  const insert = rights.find(({ verb }) => verb === 'insert')
  const missing = table.columns.filter(({ name, nullable, default: value, generated, identity }) => !insert?.columns?.includes(name) && !nullable && value === null && generated === null && !identity)
  if (insert && missing.length > 0) issues.add({ code: 'SPEC_CONFLICT', path, key: true, message: `"${role}" may insert into "${table.name}" and cannot give "${missing[0]?.name}", which has no default.`, remedy: `Write: insert(${[...(insert.columns ?? []), ...missing.map(({ name }) => name)].join(', ')})` })
}

/** https://supabase.com/kb/troubleshooting/permission-errors-when-granting-custom-roles-access-to-the-auth-schema */
function checkActors({ issues }: Reading, path: Path, table: TableSpec, rights: readonly JobRight[], role: string): void {
  if (table.audit !== 'columns' || !rights.some(({ verb }) => verb === 'insert' || verb === 'update')) return
  issues.add({ code: 'SPEC_CONFLICT', path, key: true, message: `The trigger that keeps created_by of "${table.name}" asks auth.uid(), and Supabase lets no role of your own into the schema auth: every write by "${role}" would fail.`, remedy: `Write audit: none at "${table.name}", or let the service write it.` })
}
