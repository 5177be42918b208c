/** Counts, sizes and rates as people say them: three digits at most. */
import type { ScaleSpec } from '../../design/scale-spec.ts'

const daysPerMonth = 30.4375

/** `950`, `12k`, `40M`, `1.5B`. */
export function count(value: number): string {
  for (const [unit, size] of [['B', 1e9], ['M', 1e6], ['k', 1e3]] as const) if (value >= size * 0.9995) return `${digits(value / size)}${unit}`
  return digits(value)
}

/** In the units of `pg_size_pretty`, which are powers of 1024. */
export function bytes(value: number): string {
  for (const [unit, size] of [['TB', 1024 ** 4], ['GB', 1024 ** 3], ['MB', 1024 ** 2], ['kB', 1024]] as const) if (value >= size) return `${digits(value / size)} ${unit}`
  return `${digits(value)} bytes`
}

/** As the spec writes sizes: `200MB` is 200 000 000 bytes. */
export function decimalSize(value: number): string {
  for (const [unit, size] of [['TB', 1e12], ['GB', 1e9], ['MB', 1e6], ['kB', 1e3]] as const) if (value >= size) return `${digits(value / size)} ${unit}`
  return `${digits(value)} bytes`
}

/** `3/s`, `10/min`, `80/h`, `2/day`. */
export function rate(perSecond: number): string {
  for (const [unit, seconds] of [['s', 1], ['min', 60], ['h', 3600]] as const) if (perSecond * seconds >= 0.9995) return `${count(perSecond * seconds)}/${unit}`
  return `${count(perSecond * 86_400)}/day`
}

/** `1.5M/month`; `none` for a table that does not grow. */
export function growth(scale: ScaleSpec): string {
  return scale.growthPerDay === 0 ? 'none' : `${count(scale.growthPerDay * daysPerMonth)}/month`
}

function digits(value: number): string {
  const places = value >= 99.95 || Number.isInteger(value) ? 0 : value >= 9.995 ? 1 : 2
  return value.toFixed(places).replace(/\.0+$/, '').replace(/(\.\d)0$/, '$1')
}
