/** Places of values in a spread: the other way round. */
import { type Spread, instant } from './spread.ts'

const day = 86_400_000

/** Between 0 and 1; null where a value has no place that is known. */
export function placeIn(spread: Spread, value: string): number | null {
  if (spread.kind === 'number') return within((Number(value) - (spread.low ?? 1)) / (spread.high - (spread.low ?? 1) || 1))
  if (spread.kind !== 'time' && spread.kind !== 'date') return null
  const { days, until = 0 } = spread
  const age = (instant - Date.parse(/\d:\d/.test(value) && !/[+-]\d\d(:?\d\d)?$/.test(value) ? `${value}Z` : value.replace(/([+-]\d\d)$/, '$1:00'))) / day
  return within((days - age) / (days - until || 1))
}

/** What lies between two places. */
export function valueBetween(spread: Spread, [from, to]: readonly [number | null, number | null]): Spread {
  if (from === null || to === null || to <= from) return spread
  if (spread.kind === 'number') {
    const { low = 1, high } = spread
    return { ...spread, low: low + from * (high - low), high: low + to * (high - low) }
  }
  if (spread.kind !== 'time' && spread.kind !== 'date') return spread
  const { days, until = 0 } = spread
  return { ...spread, days: days - from * (days - until), until: days - to * (days - until) }
}

function within(place: number): number | null {
  return Number.isNaN(place) ? null : Math.min(1, Math.max(0, place))
}
