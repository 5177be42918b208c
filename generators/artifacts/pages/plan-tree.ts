/** A plan as a nested list: what each step does, and below it what it works on. */
import type { PlanLine } from '../../design/evidence.ts'
import { code, prose } from './markdown.ts'
import { count } from './quantity.ts'

export function planTree(lines: readonly PlanLine[]): string {
  return lines.map((line) => `${'  '.repeat(line.depth)}- ${lineWords({ ...line, does: prose(line.does) }, code)}`).join('\n')
}

/** The same for pages and the terminal; `mark` sets names and conditions apart. */
export function lineWords({ does, names, conditions, rows, cost }: PlanLine, mark: (text: string) => string): string {
  const what = [does, names.map(mark).join(' in ')].filter(Boolean).join(' ')
  return `${[what, ...conditions.map((condition) => `${condition.what} ${mark(condition.sql)}`)].join(', ')} · ${rows === 1 ? '1 row' : `${count(rows)} rows`}, cost ${count(cost)}`
}
