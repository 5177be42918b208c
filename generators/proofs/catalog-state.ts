/** The catalog of a database as lines, and how two of them differ, in words. */
import type { Database } from '../postgres/database.ts'
import { fingerprint } from '../postgres/fingerprint.ts'

/** Everything but the rows. Read in a session of its own. */
export async function catalogOf(database: Database): Promise<string[]> {
  await using session = await database.connect()
  return await fingerprint(session)
}

/** True when both hold the same lines in the same order. */
export function sameCatalog(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((line, index) => line === right[index])
}

const shown = 3

/** `left behind: …; missing: …` for a person: the first lines of each side. Empty when they are equal. */
export function describeDifference(expected: readonly string[], found: readonly string[]): string {
  const parts = [listed('left behind', without(found, expected)), listed('missing', without(expected, found))]
  return parts.filter(Boolean).join('; ')
}

function listed(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  const more = lines.length > shown ? ` and ${lines.length - shown} more` : ''
  return `${title}: ${lines.slice(0, shown).map(oneLine).join(' | ')}${more}`
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others)
  return lines.filter((line) => !known.has(line))
}

function oneLine(line: string): string {
  const flat = line.replace(/\s+/g, ' ')
  return flat.length > 160 ? `${flat.slice(0, 160)} …` : flat
}
