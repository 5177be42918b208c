/** Values as SQL literals. The only way a value gets into SQL. */

/**
 * A text constant. A backslash makes it an `E''` string, so that it means the same under both settings of
 * standard_conforming_strings; so do line ends and characters that nobody sees: git may change the ones, a reviewer miss the others.
 */
export function literal(value: string): string {
  if (value.includes('\0')) throw new Error('A text value cannot hold a NUL character.')
  const quoted = `'${value.replaceAll("'", "''")}'`
  if (!value.includes('\\') && !unseen.test(value)) return quoted
  return `E${quoted.replaceAll('\\', '\\\\').replace(new RegExp(unseen, 'gu'), escapeOf)}`
}

const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

function escapeOf(character: string): string {
  const short: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  return short[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}

/** `'a', 'b', 'c'` as SQL. */
export function literalList(values: readonly string[]): string {
  return values.map(literal).join(', ')
}

/** The text on lines of its own between `$tag$`s, with a tag that does not occur in it. */
export function dollarQuoted(text: string): string {
  let tag = '$$'
  for (let n = 1; text.includes(tag); n += 1) tag = `$body${n}$`
  return `${tag}\n${text}\n${tag}`
}
