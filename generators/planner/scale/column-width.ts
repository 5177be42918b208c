/** Bytes that a value takes. */
import type { ScaleSpec } from '../../design/scale-spec.ts'

const varying = 32

/** Fixed widths of Postgres; null for types whose values differ in length. */
export function fixedBytes(type: string): number | null {
  const bare = type.toLowerCase()
  if (bare.endsWith('[]')) return null
  if (/^(uuid|interval|point)/.test(bare)) return 16
  if (/^(bigint|int8|timestamp|double|float8|time|money)/.test(bare) && !bare.endsWith('range')) return 8
  if (/^(integer|int4$|int$|date$|real|float4|oid)/.test(bare)) return 4
  if (/^(smallint|int2)/.test(bare)) return 2
  return bare.startsWith('bool') ? 1 : null
}

export interface WidthFacts {
  name: string
  type: string
  /** Allowed values, labels of an enum, true and false. */
  values: readonly string[] | null
  /** Stands in a primary, unique or foreign key: nobody compares pages of text. */
  inKey: boolean
}

/** The mean width of a value. What is neither declared nor known by its type shares what the row has left; in a key, or where no row is declared, 32 bytes at most. */
export function columnBytes(column: WidthFacts, scale: ScaleSpec, share: number = varying): number {
  return knownBytes(column, scale) ?? Math.max(2, scale.rowBytes === null || column.inKey ? Math.min(varying, share) : share)
}

/** What is left of a declared row for each column of unknown length. */
export function varyingShare(columns: readonly WidthFacts[], scale: ScaleSpec): number {
  if (scale.rowBytes === null) return varying
  const open = columns.filter((column) => knownBytes(column, scale) === null)
  const share = shareOf(open, columns, scale.rowBytes, scale)
  const long = open.filter(({ inKey }) => !inKey)
  return share > varying && long.length > 0 ? shareOf(long, columns, scale.rowBytes, scale) : share
}

function shareOf(open: readonly WidthFacts[], columns: readonly WidthFacts[], rowBytes: number, scale: ScaleSpec): number {
  const sum = (some: readonly WidthFacts[], of: (column: WidthFacts) => number) => some.reduce((total, column) => total + of(column) * live(column, scale), 0)
  const known = sum(columns.filter((column) => !open.includes(column)), (column) => columnBytes(column, scale))
  return open.length === 0 ? varying : Math.max(0, rowBytes - known) / sum(open, () => 1)
}

/** Texts have a header of one byte. */
function knownBytes(column: WidthFacts, scale: ScaleSpec): number | null {
  const { type, values } = column
  const declared = scale.widths[column.name]
  if (declared !== undefined) return declared
  const fixed = fixedBytes(type)
  if (fixed !== null) return fixed
  if (values && values.length > 0) return isText(type) ? textBytes(column.name, values, scale) : 4
  const length = /^(?:character|char|bpchar)\((\d+)\)$/i.exec(type)?.[1]
  if (length !== undefined) return 1 + Number(length)
  if (/^(numeric|decimal)/i.test(type)) return numericBytes(scale.distinct[column.name], /,\s*[1-9]/.test(type))
  if (/^(inet|cidr|macaddr)/i.test(type)) return 7
  if (/range$/i.test(type)) return /^(ts|num)/i.test(type) ? 23 : 14
  const vector = /^(?:\w+\.)?vector\((\d+)\)$/i.exec(type)?.[1]
  if (vector !== undefined) return 8 + 4 * Number(vector)
  const elements = scale.elements[column.name]
  if (type.endsWith('[]')) return 21 + (elements ?? 2) * (arrayElement(type.slice(0, -2)) ?? 12)
  return type === 'tsvector' && elements !== undefined ? 5 + elements * 12 : null
}

/** Two bytes for the sign and the scale, two for each four digits on either side of the point. */
function numericBytes(distinct: number | undefined, hasFraction: boolean): number {
  return 3 + 2 * (Math.max(1, Math.ceil(Math.log10(Math.max(2, distinct ?? 1000)) / 4)) + (hasFraction ? 1 : 0))
}

function arrayElement(type: string): number | null {
  return fixedBytes(type)
}

function isText(type: string): boolean {
  return /^(text|varchar|character|bpchar|char|citext|extensions\.citext)/i.test(type)
}

function textBytes(name: string, values: readonly string[], scale: ScaleSpec): number {
  const weight = (value: string) => scale.skew[name]?.[value] ?? 1 / values.length
  const weights = values.reduce((sum, value) => sum + weight(value), 0)
  return 1 + values.reduce((sum, value) => sum + weight(value) * Buffer.byteLength(value), 0) / (weights || 1)
}

function live(column: WidthFacts, scale: ScaleSpec): number {
  return 1 - (scale.nulls[column.name] ?? 0)
}
