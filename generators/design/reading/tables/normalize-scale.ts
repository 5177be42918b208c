/** How large a table is and becomes, and how its values are spread. */
import type { TableInput } from '../../input.ts'
import { readCount, readGrowth } from '../read-quantity.ts'
import { type Reading, readName } from '../reading.ts'
import type { Path } from '../../source.ts'
import type { Duration } from '../../spec.ts'
import { type TableDraft, columnNames, findColumn } from '../table-draft.ts'

type ScaleInput = NonNullable<TableInput['scale']>

export function normalizeScale(reading: Reading, draft: TableDraft, horizon: Duration): void {
  const input = draft.input?.scale
  if (!input) return
  const path = [...draft.path, 'scale']
  const { scale } = draft.spec
  const rows = readCount(reading, [...path, 'rows'])
  const growthPerDay = readGrowth(reading, [...path, 'growth']) ?? 0
  const base = { rows: rows ?? scale.rows, growthPerDay }
  const atHorizon = base.rows + growthPerDay * horizon.days
  draft.spec.scale = {
    ...base,
    rowBytes: readRowBytes(reading, path, input),
    distinct: byColumn(reading, draft, [...path, 'distinct'], input.distinct, (place) => readDistinct(reading, place, atHorizon, horizon)),
    skew: byColumn(reading, draft, [...path, 'skew'], input.skew, (place, shares, name) => readShares(reading, draft, place, shares, name)),
    nulls: byColumn(reading, draft, [...path, 'nulls'], input.nulls, (place, share, name) => readNulls(reading, draft, place, share, name)),
    correlation: byColumn(reading, draft, [...path, 'correlation'], input.correlation, (place, value) => within(reading, place, value, -1, 1, 'correlation')),
    elements: byColumn(reading, draft, [...path, 'elements'], input.elements, (place, value, name) => readElements(reading, draft, place, value, name)),
    declared: true,
  }
  if (atHorizon > 1e13)
    reading.issues.add({
      code: 'SPEC_VALUE', path: [...path, 'growth'],
      message: `"${draft.spec.name}" would have ${atHorizon.toExponential(1).replace('+', '')} rows in ${horizon.text}: that cannot be meant.`,
      remedy: 'Check the unit: day, week, month or year.',
    })
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
  draft: TableDraft,
  path: Path,
  written: Record<string, Written> | undefined,
  read: (path: Path, value: Written, name: string) => Value | null,
): Record<string, Value> {
  const values = Object.create(null) as Record<string, Value>
  for (const [key, value] of Object.entries(written ?? {})) {
    const place = [...path, key]
    const name = readName(reading, place, key, { key: true })
    if (name === null) continue
    const result = read(place, value, name)
    if (!findColumn(draft, name))
      reading.issues.unknown({
        path: place, what: `column of "${draft.spec.name}" called`, name, known: columnNames(draft), key: true,
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

function readShares(reading: Reading, draft: TableDraft, path: Path, written: Record<string, number>, name: string): Record<string, number> {
  const shares = Object.create(null) as Record<string, number>
  const column = findColumn(draft, name)
  const allowed = column?.oneOf ?? draft.types.get(name)?.catalog?.labels ?? []
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
  // Shares are decimal fractions, and their sum is not quite exact.
  if (sum > 1 + 1e-9)
    reading.issues.add({
      code: 'SPEC_VALUE', path, key: true,
      message: `The shares of "${name}" add up to ${Number(sum.toFixed(6))}.`,
      remedy: 'Together they are at most 1.',
    })
  return shares
}

function readNulls(reading: Reading, draft: TableDraft, path: Path, share: number, name: string): number | null {
  const value = within(reading, path, share, 0, 1, 'share')
  if (value !== null && value > 0 && findColumn(draft, name)?.nullable === false)
    reading.issues.add({
      code: 'SPEC_CONFLICT', path,
      message: `"${name}" is never null.`,
      remedy: 'Remove the share, or make the column nullable.',
    })
  return value
}

function readElements(reading: Reading, draft: TableDraft, path: Path, value: number, name: string): number | null {
  const type = draft.types.get(name)
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

