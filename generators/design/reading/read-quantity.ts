/** Quantities at a place of the spec, taken from the source text, with an issue when they are none. */
import type { Duration } from '../duration.ts'
import { forms, parseCount, parseDuration, parseGrowth, parseRate, parseSize } from '../quantities.ts'
import type { Reading } from './reading.ts'
import type { Path } from '../source.ts'

const limits = { count: 1e12, rate: 1e7, growth: 1e13, size: 5e12 } as const

/** Null when nothing is there, and after an issue. */
export function readCount(reading: Reading, path: Path): number | null {
  return quantity(reading, path, 'count', parseCount, limits.count)
}

/** Per second. */
export function readRate(reading: Reading, path: Path): number | null {
  return quantity(reading, path, 'rate', parseRate, limits.rate)
}

/** Per day. */
export function readGrowth(reading: Reading, path: Path): number | null {
  return quantity(reading, path, 'growth', parseGrowth, limits.growth)
}

export function readDuration(reading: Reading, path: Path): Duration | null {
  const duration = read(reading, path, 'duration', parseDuration)
  if (duration !== null && duration.days > 36_525) {
    reading.issues.add({ code: 'SPEC_VALUE', path, message: `${duration.text} is more than a hundred years.`, remedy: 'Write at most 100 years.' })
    return null
  }
  return duration
}

/** Bytes. At most 5 TB, the largest object that S3 holds. */
export function readSize(reading: Reading, path: Path): number | null {
  return quantity(reading, path, 'size', parseSize, limits.size)
}

function quantity(reading: Reading, path: Path, form: keyof typeof limits, parse: (text: string) => number | null, limit: number): number | null {
  const value = read(reading, path, form, parse)
  if (value === null || value <= limit) return value
  const unit = { count: '', rate: '/s', growth: '/day', size: ' bytes' }[form]
  reading.issues.add({
    code: 'SPEC_VALUE', path,
    message: `${reading.source.textOf(path)} is more than ${limit.toExponential().replace('+', '')}${unit}: that cannot be meant.`,
    remedy: `Check the unit. ${forms[form]}`,
  })
  return null
}

function read<Value>({ source, issues }: Reading, path: Path, form: keyof typeof forms, parse: (text: string) => Value | null): Value | null {
  const text = source.textOf(path)
  if (text === null) return null
  const value = parse(text)
  if (value === null) issues.add({ code: 'SPEC_VALUE', path, message: `${JSON.stringify(text)} is not a ${form}.`, remedy: forms[form] })
  return value
}
