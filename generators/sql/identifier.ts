/** Identifiers, quoted and folded as Postgres does. The only way a name gets into SQL. */
import { isReserved } from './keywords.ts'

/** A name in a schema. */
export interface QualifiedName {
  schema: string
  name: string
}

/** NAMEDATALEN - 1: what Postgres keeps of an identifier, in bytes. */
export const maxIdentifierBytes = 63

/** The identifier as SQL: bare when Postgres would read it back unchanged, quoted otherwise. */
export function ident(name: string): string {
  if (name === '' || name.includes('\0')) throw new Error(`Not an identifier: ${JSON.stringify(name)}`)
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !isReserved(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** `schema.name` as SQL. */
export function qualified({ schema, name }: QualifiedName): string {
  return `${ident(schema)}.${ident(name)}`
}

/** `a, b, c` as SQL. */
export function identList(names: readonly string[]): string {
  return names.map(ident).join(', ')
}

/** Length in bytes, as the server counts it. */
export function identifierBytes(name: string): number {
  return Buffer.byteLength(name, 'utf8')
}

/**
 * A name made of parts, at most 63 bytes. Postgres cuts longer names silently, and two cut names may be equal;
 * here the middle is shortened and a hash of the whole keeps it unique.
 */
export function composedName(parts: readonly string[], suffix: string): string {
  const whole = [...parts, suffix].join('_')
  if (identifierBytes(whole) <= maxIdentifierBytes) return whole
  const tail = `_${shortHash(whole)}_${suffix}`
  const room = maxIdentifierBytes - identifierBytes(tail)
  // A suffix that leaves no word of the rest, such as the name of a table, is shortened with it.
  if (room < 8) return `${cut(whole, maxIdentifierBytes - 7)}_${shortHash(whole)}`
  return cut(parts.join('_'), room) + tail
}

/** The beginning that fits. */
function cut(text: string, room: number): string {
  let head = ''
  for (const character of text) {
    if (identifierBytes(head + character) > room) break
    head += character
  }
  return head.replace(/_+$/, '')
}

/** What Postgres calls the sequence of an identity column: the longer of the two names gives way until the whole fits. */
export function sequenceName(table: string, column: string): string {
  const names = [table, column]
  const bytes = (place: number) => identifierBytes(names[place] ?? '')
  while (bytes(0) + bytes(1) + '__seq'.length > maxIdentifierBytes) {
    const longer = bytes(0) > bytes(1) ? 0 : 1
    names[longer] = [...(names[longer] ?? '')].slice(0, -1).join('')
  }
  return `${names.join('_')}_seq`
}

/** Six hex digits of FNV-1a: stable, short, and not a secret. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0').slice(0, 6)
}
