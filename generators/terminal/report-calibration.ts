/** Measured figures beside those that hold until now. */
import { type Calibration, type InsertFigures, figureKinds, kindNames } from '../design/insert-figures.ts'
import type { Terminal } from './terminal.ts'
import { wrap } from './wrap.ts'

export function formatCalibration({ rows, insert, bare, checks }: Calibration, { before, server }: { before: InsertFigures; server: string }, { style, width }: Pick<Terminal, 'style' | 'width'>): string {
  const head = ['what an index adds to an insert', 'µs here', 'µs before', 'WAL here', 'WAL before']
  const lines = kindNames.map((kind) => [figureKinds[kind], String(insert[kind].microseconds), String(before.insert[kind].microseconds), String(insert[kind].walBytes), String(before.insert[kind].walBytes)])
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)))
  const row = (cells: readonly string[]) => cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')
  return [
    style.bold(`Postgres ${server}, a table of ${rows} rows`),
    wrap(`Processor time of the server in microseconds, and bytes of WAL, for each row; GIN with the merge of what it puts aside. Nothing waits for the disk. The row alone takes ${bare.microseconds} µs and ${bare.walBytes} bytes. Before: ${before.from}.`, width),
    '',
    style.bold(row(head)),
    ...lines.map(row),
    '',
    ...checks.map(({ name, seen, model }) => wrap(`Model: ${name}: seen ${seen.microseconds} µs and ${seen.walBytes} bytes, from the figures above ${model.microseconds} µs and ${model.walBytes} bytes.`, width, 2)),
  ].join('\n')
}
