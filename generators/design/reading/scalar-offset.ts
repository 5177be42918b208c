/** Where a character of a YAML scalar's value stands in the file. */
import type { Scalar } from 'yaml'

/** Exact for plain and quoted scalars on one line and for literal blocks; else the beginning of the scalar. */
export function scalarOffset(scalar: Scalar, text: string, character: number): number {
  const [start = 0, end = 0] = scalar.range ?? []
  const value = String(scalar.source ?? scalar.value)
  const written = text.slice(start, end)
  if (scalar.type === 'PLAIN') return written === value ? start + character : start
  if (scalar.type === 'QUOTE_SINGLE' || scalar.type === 'QUOTE_DOUBLE') return start + 1 + offsetInQuotes(written.slice(1, -1), value, character)
  return scalar.type === 'BLOCK_LITERAL' ? start + offsetInBlock(written, value, character) : start
}

function offsetInQuotes(written: string, value: string, character: number): number {
  if (written === value) return character
  // Doubled quotes are the only escape worth following: SQL is full of them.
  if (written.replaceAll("''", "'") !== value) return -1
  let offset = 0
  for (let seen = 0; seen < character; seen += 1) offset += written.startsWith("''", offset) ? 2 : 1
  return offset
}

function offsetInBlock(written: string, value: string, character: number): number {
  const before = value.slice(0, character).split('\n')
  const lines = written.split('\n')
  const indent = /^ */.exec(lines.find((line, index) => index > 0 && line.trim() !== '') ?? '')?.[0].length ?? 0
  const above = lines.slice(0, before.length).reduce((sum, line) => sum + line.length + 1, 0)
  return above + indent + (before.at(-1)?.length ?? 0)
}
