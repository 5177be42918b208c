/** Values of a column by their place: the lowest at 0, the highest at 1, evenly in between. As Postgres reads them. */

export type Spread =
  | { kind: 'uuid' | 'text' | 'json' | 'address' }
  | { kind: 'number'; low?: number; high: number; whole?: boolean }
  /** From so many days before the instant to so many before it. */
  | { kind: 'time' | 'date'; days: number; until?: number }

/** "Now" of every plan at scale, so that the same spec gives the same statistics. Milliseconds since 1970. */
export const instant = Date.UTC(2026, 0, 1)

const day = 86_400_000

export function valueAt(spread: Spread, place: number): string {
  switch (spread.kind) {
    case 'uuid': {
      const hex = Math.floor(place * (2 ** 48 - 1)).toString(16).padStart(12, '0')
      return `${hex.slice(0, 8)}-${hex.slice(8)}-4000-8000-000000000000`
    }
    case 'text':
      return letters(Math.floor(place * (26 ** 4 - 1)))
    case 'number': {
      const { low = 1, high, whole = true } = spread
      const value = low + place * (high - low)
      return String(whole ? Math.round(value) : Number(value.toPrecision(12)))
    }
    case 'json':
      return JSON.stringify({ '~': Math.round(place * 1e6) })
    case 'address': {
      const number = Math.round(place * (2 ** 24 - 1))
      return `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`
    }
    default: {
      const { days, until = 0 } = spread
      const text = new Date(instant - (until + (1 - place) * (days - until)) * day).toISOString()
      return spread.kind === 'date' ? text.slice(0, 10) : text
    }
  }
}

interface Ends {
  /** The largest number. */
  high: number
  /** Age of the oldest time. */
  days: number
  /** As declared: numbers, or milliseconds since 1970. */
  range: { low: number; high: number } | null
}

/** Null for types whose values have no order worth knowing. */
export function spreadOf(type: string, { high, days, range }: Ends): Spread | null {
  const bare = type.toLowerCase()
  if (range && (bare === 'date' || bare.startsWith('timestamp'))) return { kind: bare === 'date' ? 'date' : 'time', days: (instant - range.low) / day, until: (instant - range.high) / day }
  if (range) return { kind: 'number', ...range, whole: /^(small|big)?int/.test(bare) }
  if (bare.endsWith('[]')) return null
  if (bare === 'uuid') return { kind: 'uuid' }
  if (/^(text|varchar|character|(extensions\.)?citext|bpchar|char)/.test(bare)) return { kind: 'text' }
  if (/^(smallint|int2)/.test(bare)) return { kind: 'number', high: Math.min(high, 32_767) }
  if (/^(integer|int4|int$)/.test(bare)) return { kind: 'number', high: Math.min(high, 2_147_483_647) }
  if (/^(bigint|int8|numeric|decimal|real|double|float)/.test(bare) && !bare.endsWith('range')) return { kind: 'number', high }
  if (/^(inet|cidr)$/.test(bare)) return { kind: 'address' }
  if (bare === 'jsonb') return { kind: 'json' }
  if (bare.startsWith('timestamp')) return { kind: 'time', days }
  return bare === 'date' ? { kind: 'date', days } : null
}

/** Four letters, so that every collation has the same order. */
function letters(number: number): string {
  return [26 ** 3, 26 ** 2, 26, 1].map((unit) => String.fromCharCode(97 + (Math.floor(number / unit) % 26))).join('')
}
