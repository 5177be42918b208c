/** Names as a person writes them: folded as Postgres folds them, split at the dots. */
import { identifierBytes, maxIdentifierBytes, type QualifiedName } from '../sql/identifier.ts'

/** Why a text is no name, and what would be one. */
export class NameError extends Error {
  override readonly name = 'NameError'
  readonly remedy: string

  constructor(message: string, remedy: string) {
    super(message)
    this.remedy = remedy
  }
}

/** `Title` → `title`, `"Title"` → `Title`. Throws {@link NameError}. */
export function parseName(text: string): string {
  const parts = splitName(text, { dots: false })
  return parts[0] ?? ''
}

/** `shows` or `core.shows`. Throws {@link NameError}. */
export function parseQualifiedName(text: string, schema: string): QualifiedName {
  const parts = splitName(text, { dots: true })
  if (parts.length > 2) throw new NameError(`"${text}" has more than a schema and a name.`, 'Write: schema.table')
  return parts.length === 2 ? { schema: parts[0] ?? '', name: parts[1] ?? '' } : { schema, name: parts[0] ?? '' }
}

/** `core.shows` or `core.shows(id, org_id)`; `columns` is null without brackets. Throws {@link NameError}. */
export function parseReference(text: string, schema: string): { table: QualifiedName; columns: string[] | null } {
  const [, head, list] = /^((?:"(?:[^"]|"")*"|[^("])+?)\s*(?:\(((?:"(?:[^"]|"")*"|[^()"])*)\))?\s*$/.exec(text) ?? []
  if (head === undefined) throw new NameError(`"${text}" is not of the form schema.table or schema.table(column).`, 'Write for example: core.shows or core.shows(id)')
  const table = parseQualifiedName(head, schema)
  return { table, columns: list === undefined ? null : splitOutsideQuotes(list, ',').map((part) => parseName(part)) }
}

/** Cuts at a character that stands outside double quotes. */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts = ['']
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    if (character === separator && !quoted) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}

function splitName(text: string, { dots }: { dots: boolean }): string[] {
  return (dots ? splitOutsideQuotes(text, '.') : [text]).map((part) => checked(fold(part.trim()), part))
}

function fold(part: string): string {
  const quoted = /^"((?:[^"]|"")*)"$/.exec(part)
  // Postgres folds ASCII letters only, whatever the locale.
  return quoted ? (quoted[1] ?? '').replaceAll('""', '"') : part.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function checked(name: string, written: string): string {
  if (name === '') throw new NameError(written.trim() === '' ? 'A name is missing.' : `${written} is an empty name.`, 'Write a name, such as title.')
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(name)) throw new NameError(`${JSON.stringify(name)} holds a control character.`, 'Use letters, digits and _.')
  if (identifierBytes(name) > maxIdentifierBytes)
    throw new NameError(`"${name}" has ${identifierBytes(name)} bytes, and Postgres keeps ${maxIdentifierBytes}.`, `Shorten it, for example: ${head(name)}`)
  return name
}

/** The beginning that Postgres would keep. */
function head(name: string): string {
  let kept = ''
  for (const character of name) {
    if (identifierBytes(kept + character) > maxIdentifierBytes) break
    kept += character
  }
  return kept
}
