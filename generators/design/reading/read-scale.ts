/** How large a table is and becomes, and how its values are spread. */
import type { ScaleInput } from '../input.ts'
import { readCount, readGrowth } from './read-quantity.ts'
import { readRange } from './read-range.ts'
import { type Reading, readName } from './reading.ts'
import type { Path } from '../source.ts'
import type { ScaleSpec } from '../scale-spec.ts'
import type { Duration } from '../duration.ts'
import type { ColumnType } from './tables/column-types.ts'

/** A new table or an existing one. */
export interface ScaledTable {
  name: string
  columns: ScaledColumn[]
}

interface ScaledColumn {
  name: string
  nullable: boolean
  type: ColumnType | undefined
  /** Values that a check or an enum allows; empty for all. */
  allowed: string[]
}

interface ScaleContext {
  path: Path
  input: ScaleInput
  horizon: Duration
  /** When nothing is said. */
  rows: number
}

export function readScale(reading: Reading, table: ScaledTable, { path, input, horizon, rows: assumed }: ScaleContext): ScaleSpec {
  const rows = readCount(reading, [...path, 'rows']) ?? assumed
  const growthPerDay = readGrowth(reading, [...path, 'growth']) ?? 0
  const atHorizon = rows + growthPerDay * horizon.days
  if (atHorizon > 1e13)
    reading.issues.add({
      code: 'SPEC_VALUE', path: [...path, 'growth'],
      message: `"${table.name}" would have ${atHorizon.toExponential(1).replace('+', '')} rows in ${horizon.text}: that cannot be meant.`,
      remedy: 'Check the unit: day, week, month or year.',
    })
  const by = <Written, Value>(key: keyof ScaleInput, written: Record<string, Written> | undefined, read: (place: Path, value: Written, column: ScaledColumn) => Value | null) =>
    byColumn(reading, table, [...path, key], written, read)
  return {
    rows,
    growthPerDay,
    rowBytes: readRowBytes(reading, path, input),
    distinct: by('distinct', input.distinct, (place) => readDistinct(reading, place, atHorizon, horizon)),
    skew: by('skew', input.skew, (place, shares, column) => readShares(reading, column, place, shares)),
    nulls: by('nulls', input.nulls, (place, share, column) => readNulls(reading, column, place, share)),
    correlation: by('correlation', input.correlation, (place, value) => within(reading, place, value, -1, 1, 'correlation')),
    elements: by('elements', input.elements, (place, value, column) => readElements(reading, column, place, value)),
    widths: by('widths', input.widths, (place, value) => within(reading, place, value, 1, 1e6, 'width in bytes')),
    ranges: by('ranges', input.ranges, (place, ends, column) => readRange(reading, place, ends, column)),
    declared: true,
  }
}

function readRowBytes({ issues }: Reading, path: Path, { row_bytes: bytes }: ScaleInput): number | null {
  if (bytes === undefined) return null
  if (Number.isInteger(bytes) && bytes > 0 && bytes <= 1e6) return bytes
  issues.add({
    code: 'SPEC_VALUE', path: [...path, 'row_bytes'],
    message: `${bytes} is not the size of a row.`,
    remedy: 'Write the bytes of an average row: 1 to 1000000.',
  })
  return null
}

/** Without a prototype: a column may be called `constructor`. */
function byColumn<Written, Value>(
  reading: Reading,
  table: ScaledTable,
  path: Path,
  written: Record<string, Written> | undefined,
  read: (path: Path, value: Written, column: ScaledColumn) => Value | null,
): Record<string, Value> {
  const values = Object.create(null) as Record<string, Value>
  for (const [key, value] of Object.entries(written ?? {})) {
    const place = [...path, key]
    const name = readName(reading, place, key, { key: true })
    if (name === null) continue
    const column = table.columns.find((one) => one.name === name)
    const result = read(place, value, column ?? { name, nullable: true, type: undefined, allowed: [] })
    if (!column)
      reading.issues.unknown({
        path: place, what: `column of "${table.name}" called`, name, known: table.columns.map((one) => one.name), key: true,
      })
    else if (result !== null) values[name] = result
  }
  return values
}

function readDistinct(reading: Reading, path: Path, atHorizon: number, horizon: Duration): number | null {
  const count = readCount(reading, path)
  if (count === null) return null
  if (count >= 1 && count <= atHorizon) return count
  const rows = `${Math.round(atHorizon)} rows in ${horizon.text}`
  const message = count < 1 ? 'A column has at least one value.' : `There are more values than rows: "${String(path.at(-1))}" has ${count}, and the table ${rows}.`
  reading.issues.add({ code: 'SPEC_VALUE', path, message, remedy: `Write between 1 and ${rows.split(' ')[0] ?? ''}.` })
  return null
}

function readShares(reading: Reading, { name, type, allowed }: ScaledColumn, path: Path, written: Record<string, number>): Record<string, number> {
  const shares = Object.create(null) as Record<string, number>
  for (const [value, share] of Object.entries(written)) {
    if (allowed.length > 0 && !allowed.includes(value))
      reading.issues.add({
        code: 'SPEC_VALUE', path: [...path, value], key: true,
        message: `"${name}" never is "${value}".`,
        remedy: `Use those of: ${allowed.join(', ')}.`,
      })
    if (within(reading, [...path, value], share, 0, 1, 'share') !== null) shares[value] = share
  }
  const sum = Object.values(shares).reduce((total, share) => total + share, 0)
  // Shares are decimal fractions, and their sum is not quite exact. A row holds several elements.
  if (sum > 1 + 1e-9 && !(type?.isArray || type?.name === 'tsvector'))
    reading.issues.add({
      code: 'SPEC_VALUE', path, key: true,
      message: `The shares of "${name}" add up to ${Number(sum.toFixed(6))}.`,
      remedy: 'Together they are at most 1.',
    })
  return shares
}

function readNulls(reading: Reading, { name, nullable }: ScaledColumn, path: Path, share: number): number | null {
  const value = within(reading, path, share, 0, 1, 'share')
  if (value !== null && value > 0 && !nullable)
    reading.issues.add({
      code: 'SPEC_CONFLICT', path,
      message: `"${name}" is never null.`,
      remedy: 'Remove the share, or make the column nullable.',
    })
  return value
}

function readElements(reading: Reading, { name, type }: ScaledColumn, path: Path, value: number): number | null {
  if (type && !type.isArray && !['json', 'jsonb', 'tsvector'].includes(type.name))
    reading.issues.add({
      code: 'SPEC_CONFLICT', path,
      message: `"${name}" is ${type.sql}, and has no elements.`,
      remedy: 'Elements are for arrays and jsonb.',
    })
  return within(reading, path, value, 0, 1e5, 'number of elements')
}

function within({ issues }: Reading, path: Path, value: number, from: number, to: number, what: string): number | null {
  if (value >= from && value <= to) return value
  issues.add({ code: 'SPEC_VALUE', path, message: `${value} is not a ${what}.`, remedy: `It is between ${from} and ${to}.` })
  return null
}
