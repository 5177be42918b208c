/** Text that fits the width, colours not counted. */
import { stripVTControlCharacters } from 'node:util'

/** Breaks a line at spaces; what follows is indented as deep as `hang` says. A word that is too long stays whole. */
export function wrap(line: string, width: number, hang = 0): string {
  if (visibleWidth(line) <= width) return line
  const indent = /^ */.exec(line)?.[0] ?? ''
  const lines: string[] = []
  let current = indent
  for (const word of line.slice(indent.length).split(' ')) {
    const isFirst = current.trim() === ''
    const next = isFirst ? current + word : `${current} ${word}`
    if (visibleWidth(next) <= width || isFirst) {
      current = next
    } else {
      lines.push(current)
      current = ' '.repeat(indent.length + hang) + word
    }
  }
  return [...lines, current].join('\n')
}

/** Columns that the text takes on a terminal. */
export function visibleWidth(text: string): number {
  return [...stripVTControlCharacters(text)].length
}

/** Spaces on the right up to the width. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visibleWidth(text)))
}
