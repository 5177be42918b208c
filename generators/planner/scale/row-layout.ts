/** Where the values of a row lie in its page: header, padding, and what is kept out of line. */
import { fixedBytes } from './column-width.ts'
import type { ColumnScale } from './table-scale.ts'

type Column = Pick<ColumnScale, 'type' | 'width' | 'nullShare'>

const pointer = 4
/** Postgres keeps the longest values of a row elsewhere (TOAST) until it is no longer than that. */
const longest = 2000
const tooLong = 18

/** Mean bytes of a row in the heap, with header, padding and the pointer to it. */
export function tupleBytes(columns: readonly Column[]): number {
  let bytes = headerBytes(columns)
  let end: Remainder = { of: 8, rest: 0 }
  for (const { type, width, nullShare } of keptInLine(columns)) {
    const live = 1 - nullShare
    const align = alignmentOf(type, width)
    bytes += live * (padding(end, align) + width)
    end = fixedBytes(type) === null ? { of: 1, rest: 0 } : after(nullShare === 0 ? end : { of: 1, rest: 0 }, align, width)
  }
  return bytes + padding(end, 8) + pointer
}

/** What is known of the place where the last value ended: its remainder. */
interface Remainder {
  of: number
  rest: number
}

/** The mean over all places that it may be. */
function padding({ of, rest }: Remainder, align: number): number {
  const places = Array.from({ length: Math.max(1, align / of) }, (_place, index) => rest + index * of)
  return places.reduce((sum, place) => sum + ((align - (place % align)) % align), 0) / places.length
}

function after(end: Remainder, align: number, width: number): Remainder {
  if (end.of <= align) return { of: align, rest: width % align }
  return { of: end.of, rest: (end.rest + padding(end, align) + width) % end.of }
}

/** A row with a null says which in a bit for each column. */
function headerBytes(columns: readonly Column[]): number {
  const withNulls = Math.ceil((23 + Math.ceil(columns.length / 8)) / 8) * 8
  const share = 1 - columns.reduce((product, { nullShare }) => product * (1 - nullShare), 1)
  return 24 + share * (withNulls - 24)
}

function keptInLine(columns: readonly Column[]): Column[] {
  const total = columns.reduce((sum, { width, nullShare }) => sum + width * (1 - nullShare), 0)
  if (total <= longest) return [...columns]
  const place = columns.reduce((found, { type, width }, index) => (fixedBytes(type) === null && width > tooLong && width > (columns[found]?.width ?? tooLong) ? index : found), -1)
  const out = columns[place]
  return out ? keptInLine(columns.map((column, index) => (index === place ? { ...column, width: tooLong } : column))) : [...columns]
}

/** Values of other lengths have a header of one byte and are not aligned up to 126 bytes. */
function alignmentOf(type: string, width: number): number {
  const fixed = fixedBytes(type)
  if (/^(uuid|bool)/i.test(type)) return 1
  if (/^(interval|point)/i.test(type)) return 8
  if (fixed !== null) return fixed
  return width > 126 || (width === 4 && !/^(text|varchar|char|bpchar)/i.test(type)) ? 4 : 1
}
