/** Counts, rates, growth, durations and sizes as a person writes them. Null = not written in that form. */
import type { Duration } from './duration.ts'

const days = { day: 1, week: 7, month: 30.4375, year: 365.25 } as const
const thousands = { '': 1, k: 1e3, M: 1e6, B: 1e9 } as const
const seconds = { s: 1, min: 60, h: 3600, day: 86_400 } as const
const bytes = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const

/** How each is written, for remedies. */
export const forms = {
  count: 'Write a count such as 950, 40k, 1.5M or 2B.',
  rate: 'Write a rate such as 120/s, 30/min, 5/h or 900/day.',
  growth: 'Write growth such as 300k/month (day, week, month, year).',
  duration: 'Write a duration such as 30 days, 18 months or 5 years.',
  size: 'Write a size such as 200MB.',
} as const

/** `950`, `40k`, `1.5M`, `2B`. A whole number that is not negative. */
export function parseCount(text: string): number | null {
  const value = parseNumber(text)
  return value !== null && Number.isInteger(value) ? value : null
}

/** `120/s`, `30/min`, `5/h`, `900/day` → per second. */
export function parseRate(text: string): number | null {
  const [, amount = '', unit = ''] = /^(.+?)\s*\/\s*(s|min|h|day)$/.exec(text.trim()) ?? []
  const value = parseNumber(amount)
  return value === null ? null : value / seconds[unit as keyof typeof seconds]
}

/** `300k/month` → per day. */
export function parseGrowth(text: string): number | null {
  const [, amount = '', unit = ''] = /^(.+?)\s*\/\s*(day|week|month|year)$/.exec(text.trim()) ?? []
  const value = parseNumber(amount)
  return value === null ? null : value / days[unit as keyof typeof days]
}

/** `30 days`, `18 months`, `1 year`. Never zero. */
export function parseDuration(text: string): Duration | null {
  const [, amount = '', unit = ''] = /^(\d{1,6})\s+(hour|day|week|month|year)s?$/.exec(text.trim()) ?? []
  const value = Number(amount)
  if (unit === '' || value === 0) return null
  return { text: text.trim(), days: value * (unit === 'hour' ? 1 / 24 : days[unit as keyof typeof days]) }
}

/** `200MB` (powers of ten) or `200MiB` (powers of two) → bytes. */
export function parseSize(text: string): number | null {
  const [, amount = '', unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?)\s*(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$/.exec(text.trim()) ?? []
  const value = Number(amount) * bytes[unit as keyof typeof bytes]
  return unit !== '' && Number.isInteger(value) && value > 0 ? value : null
}

function parseNumber(text: string): number | null {
  const [, whole, fraction = '', unit = ''] = /^(\d{1,16})(?:\.(\d{1,9}))?\s*(k|M|B)?$/.exec(text.trim()) ?? []
  if (whole === undefined) return null
  // Digits are shifted, not multiplied: 1.1M is 1100000, and not a little more.
  const exponent = Math.log10(thousands[unit as keyof typeof thousands])
  const value = Number(`${whole}.${fraction || '0'}e${Math.round(exponent)}`)
  return Number.isFinite(value) ? value : null
}
