/** The lowest and the highest value of a column. */
import type { Reading } from './reading.ts'
import type { Path } from '../source.ts'
import type { ColumnType } from './tables/column-types.ts'

export function readRange({ issues }: Reading, path: Path, ends: readonly (number | string)[], { name, type }: { name: string; type: ColumnType | undefined }): { low: number; high: number } | null {
  const kind = type === undefined || type.isArray ? null : kindOf(type.name)
  const [low, high] = ends.map((end) => (kind === 'time' ? instantOf(String(end)) : Number(end)))
  if (type === undefined) return null
  if (kind === null) issues.add({ code: 'SPEC_CONFLICT', path, message: `"${name}" is ${type.sql}: its values have no range that counts.`, remedy: 'Ranges are for numbers, dates and times.' })
  else if (low === undefined || high === undefined || Number.isNaN(low) || Number.isNaN(high) || low >= high)
    issues.add({ code: 'SPEC_VALUE', path, message: `${ends.join(' to ')} is not a range of "${name}".`, remedy: kind === 'time' ? 'Write the first and the last: [2023-01-01, 2026-01-01]' : 'Write the lowest and the highest: [0, 500]' })
  else return { low, high }
  return null
}

const numbers = new Set(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'])
const times = new Set(['date', 'timestamp', 'timestamptz'])

function kindOf(type: string): 'number' | 'time' | null {
  return numbers.has(type) ? 'number' : times.has(type) ? 'time' : null
}

/** Milliseconds since 1970; without a zone it is UTC. */
function instantOf(text: string): number {
  if (!/\d:\d/.test(text)) return Date.parse(text)
  const zone = /(?:z|[+-]\d\d(?::?\d\d)?)$/i.exec(text)?.[0]
  return Date.parse(zone === undefined ? `${text}Z` : zone.length === 3 ? `${text}:00` : text)
}
