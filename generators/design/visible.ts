/** What a terminal would obey, and what changes the direction of reading, written out: `\u{1b}`. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => (character === '\n' ? '\\n' : `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`))
}

const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu
