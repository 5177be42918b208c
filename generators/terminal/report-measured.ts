/** Buffers of queries on a sample, for a person. */
import { count } from '../artifacts/pages/quantity.ts'
import type { MeasuredBuffers, MeasuredQueries } from '../design/measured-queries.ts'
import type { Terminal } from './terminal.ts'
import { wrap } from './wrap.ts'

export function formatMeasured({ share, rows, notes, queries }: MeasuredQueries, { style, width }: Pick<Terminal, 'style' | 'width'>): string {
  const loaded = Object.entries(rows).map(([table, amount]) => `${count(amount)} in ${table}`).join(', ')
  return [
    style.bold('Buffers on a sample'),
    wrap(`${share < 1 ? `One of ${count(1 / share)} keys with all its rows` : 'All rows'}, synthetic: ${loaded}. Pages of 8 kB that the executed query touched; they do not depend on the machine.`, width, 2),
    ...queries.map(({ name, open, rows: returned, after, before }) => {
      if (!after) return style.yellow(wrap(`  ${name}: not measured, ${open ?? 'no reason known'}`, width, 2))
      const without = before ? `${said(before)} without the indexes of the design, ` : ''
      return wrap(`  ${name}: ${returned === 1 ? '1 row' : `${count(returned ?? 0)} rows`}, ${without}${said(after)} with them${after.indexes.length > 0 ? ` (${after.indexes.join(', ')})` : ''}`, width, 4)
    }),
    ...notes.map((note) => style.dim(wrap(`  ${note}`, width, 2))),
  ].join('\n')
}

function said({ buffers, atScale }: MeasuredBuffers): string {
  return atScale === null ? `${count(buffers)} buffers` : `${count(buffers)} buffers (extrapolated to the declared rows: ${count(atScale)})`
}
