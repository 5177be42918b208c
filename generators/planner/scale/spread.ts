/** Values of a column by their place: the lowest at 0, the highest at 1, evenly in between. As Postgres reads them. */

export type Spread = { kind: 'uuid' } | { kind: 'text' } | { kind: 'number'; high: number } | { kind: 'time' | 'date'; days: number }

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
    case 'number':
      return String(Math.round(1 + place * (spread.high - 1)))
    default: {
      const text = new Date(instant - (1 - place) * spread.days * day).toISOString()
      return spread.kind === 'date' ? text.slice(0, 10) : text
    }
  }
}

/** Null for types whose values have no order worth knowing. `high` is the largest number, `days` the age of the oldest time. */
export function spreadOf(type: string, { high, days }: { high: number; days: number }): Spread | null {
  const bare = type.toLowerCase()
  if (bare.endsWith('[]')) return null
  if (bare === 'uuid') return { kind: 'uuid' }
  if (/^(text|varchar|character varying|citext|bpchar|char)/.test(bare)) return { kind: 'text' }
  if (/^(smallint|int2)/.test(bare)) return { kind: 'number', high: Math.min(high, 32_767) }
  if (/^(integer|int4|int$)/.test(bare)) return { kind: 'number', high: Math.min(high, 2_147_483_647) }
  if (/^(bigint|int8|numeric|decimal|real|double|float)/.test(bare)) return { kind: 'number', high }
  if (bare.startsWith('timestamp')) return { kind: 'time', days }
  return bare === 'date' ? { kind: 'date', days } : null
}

/** Four letters, so that every collation has the same order. */
function letters(number: number): string {
  return [26 ** 3, 26 ** 2, 26, 1].map((unit) => String.fromCharCode(97 + (Math.floor(number / unit) % 26))).join('')
}
