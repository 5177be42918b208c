/** In brackets where `and` before or behind it would change what it means. */
export function bracketed(predicate: string): string {
  return /\bor\b/i.test(predicate) ? `(${predicate})` : predicate
}
