/** Bytes that a value takes. */
import type { ScaleSpec } from '../../design/scale-spec.ts'

const varying = 32

/** Fixed widths of Postgres; null for types whose values differ in length. */
export function fixedBytes(type: string): number | null {
  const bare = type.toLowerCase()
  if (bare.endsWith('[]')) return null
  if (bare.startsWith('uuid') || bare.startsWith('interval')) return 16
  if (/^(bigint|int8|timestamp|double|float8|time|money)/.test(bare)) return 8
  if (/^(integer|int4|int$|date|real|float4|oid)/.test(bare)) return 4
  if (/^(smallint|int2)/.test(bare)) return 2
  return bare.startsWith('bool') ? 1 : null
}

export interface WidthFacts {
  name: string
  type: string
  /** The allowed values, when there are few. */
  values: readonly string[] | null
}

/** The mean width of a value. Allowed values are known; other texts share what the row has left, 32 bytes at most. */
export function columnBytes(column: WidthFacts, scale: ScaleSpec, share: number = varying): number {
  const fixed = fixedBytes(column.type)
  if (fixed !== null) return fixed
  if (/^(numeric|decimal)/i.test(column.type)) return 8
  if (column.type.endsWith('[]')) return 24 + 12 * (scale.elements[column.name] ?? 2)
  if (!column.values || column.values.length === 0) return Math.max(2, Math.min(varying, share))
  const weight = (value: string) => scale.skew[column.name]?.[value] ?? 1 / (column.values?.length ?? 1)
  const weights = column.values.reduce((sum, value) => sum + weight(value), 0)
  return 1 + column.values.reduce((sum, value) => sum + weight(value) * Buffer.byteLength(value), 0) / (weights || 1)
}

/** What is left of a declared row for each column of unknown length. */
export function varyingShare(columns: readonly WidthFacts[], scale: ScaleSpec): number {
  if (scale.rowBytes === null) return varying
  const isOpen = (column: WidthFacts) => fixedBytes(column.type) === null && !column.values?.length && !column.type.endsWith('[]') && !/^(numeric|decimal)/i.test(column.type)
  const known = columns.filter((column) => !isOpen(column)).reduce((sum, column) => sum + columnBytes(column, scale) * live(column, scale), 0)
  const open = columns.filter(isOpen).reduce((sum, column) => sum + live(column, scale), 0)
  return open === 0 ? varying : Math.max(0, scale.rowBytes - known) / open
}

function live(column: WidthFacts, scale: ScaleSpec): number {
  return 1 - (scale.nulls[column.name] ?? 0)
}

/** A row that is wider than a quarter of a page keeps its longest values elsewhere (TOAST), and 18 bytes in their place. */
export function heapRowBytes(rowBytes: number, columns: readonly WidthFacts[], scale: ScaleSpec): number {
  if (rowBytes <= 2000) return rowBytes
  const kept = columns.map((column) => columnBytes(column, scale))
  const longest = columns.findIndex((column) => fixedBytes(column.type) === null)
  return longest === -1 ? rowBytes : Math.min(2000, kept.reduce((sum, bytes) => sum + bytes, 0) - (kept[longest] ?? 0) + 18)
}
