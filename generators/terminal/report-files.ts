/** What will happen to the files, and their differences. */
import type { Terminal } from './terminal.ts'
import { visibleWidth } from './wrap.ts'

/** A file of the list. */
export interface FileLine {
  path: string
  action: 'create' | 'update' | 'remove' | 'keep' | 'same'
  /** Lines that are added and removed. */
  added: number
  removed: number
}

const words: Record<FileLine['action'], string> = {
  create: 'new',
  update: 'changed',
  remove: 'removed',
  keep: 'edited by hand, kept',
  same: 'same',
}

/** One line for each file; what stays the same is only counted. */
export function formatFiles(files: readonly FileLine[], { style, width }: Pick<Terminal, 'style' | 'width'>): string {
  const paint = { create: style.green, update: style.cyan, remove: style.red, keep: style.yellow, same: style.dim }
  const moving = files.filter(({ action }) => action !== 'same')
  const lines = moving.map(({ path, action, added, removed }) => {
    const line = `  ${paint[action](words[action].padEnd(action === 'keep' ? 0 : 7))}  ${path}`
    const size = action === 'create' ? `${added} lines` : action === 'update' ? `+${added} −${removed}` : ''
    return size && visibleWidth(line) + size.length + 2 <= width ? `${line}${style.dim(`  ${size}`)}` : line
  })
  const same = files.length - moving.length
  if (same > 0) lines.push(style.dim(`  ${same} ${same === 1 ? 'file stays' : 'files stay'} as ${same === 1 ? 'it is' : 'they are'}`))
  return lines.join('\n')
}

/** A unified diff in the colours that git gives it. */
export function formatDiff(diff: string, { style }: Pick<Terminal, 'style'>): string {
  const paint = (line: string) => {
    if (line.startsWith('+++') || line.startsWith('---')) return style.bold(line)
    if (line.startsWith('@@')) return style.cyan(line)
    if (line.startsWith('+')) return style.green(line)
    return line.startsWith('-') ? style.red(line) : line
  }
  return diff.trimEnd().split('\n').map(paint).join('\n')
}
