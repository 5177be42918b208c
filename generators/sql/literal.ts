/** Values as SQL literals. The only way a value gets into SQL. */

/** A text constant. A backslash makes it an `E''` string, so that it means the same under both settings of standard_conforming_strings. */
export function literal(value: string): string {
  if (value.includes('\0')) throw new Error('A text value cannot hold a NUL character.')
  const quoted = `'${value.replaceAll("'", "''")}'`
  return value.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
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
