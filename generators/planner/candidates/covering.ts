/** An index that holds everything the statement reads of the table, so that the table is not read at all. */
import { type CandidateContext, type IndexCandidate, candidate, orderKey, plainKey } from './candidate.ts'
import type { KeyTerm } from './key-term.ts'
import { scanKeys } from './scan-keys.ts'
import { scaleOfColumn } from '../scale/table-scale.ts'

/** Wider than that it is a second table. */
const mostBytes = 120
const mostColumns = 12

export function covering(context: CandidateContext): IndexCandidate[] {
  const { scan, table } = context
  const needed = scan.columns.filter((name) => table.columns.some((column) => column.name === name))
  if (needed.length === 0 || needed.length > mostColumns || needed.length === table.columns.length || bytesOf(needed, context) > mostBytes) return []
  const { equal, joined, lists, ranges, weak } = scanKeys(context)
  const heads: KeyTerm[][] = [
    ...(equal.length + lists.length > 0 ? [[...equal, ...lists, ...ranges.slice(0, 1)]] : []),
    ...(equal.length > 0 ? [equal] : []),
    ...joined.flatMap((key) => [[key, ...equal, ...lists, ...ranges.slice(0, 1)], [key], [...equal, ...ranges.slice(0, 1), key]]),
    ...lists.map((key) => [key]),
    ...ranges.map((key) => [...equal, key]),
    ...weak.slice(0, 2).map((key) => [key]),
  ]
  const orders = scan.orders.map((wanted) => [...equal.map((key) => plainKey(key)), ...wanted.map(orderKey)])
  const plain = heads.map((keys) => keys.map((key) => plainKey(key)))
  // Nothing is compared and no order wanted: read from end to end, but less of it.
  const whole = plain.length + orders.length === 0 ? [needed.slice(0, 1).map((text) => plainKey({ text, isExpression: false, columns: [text] }))] : []
  return [...plain, ...orders, ...whole].flatMap((keys) => {
    const own = candidate(context, 'covering', keys.slice(0, 4))
    const include = needed.filter((name) => !own.keys.some(({ column }) => column === name)).toSorted()
    return include.length > 0 ? [{ ...own, include }] : [own]
  })
}

export function bytesOf(names: readonly string[], { table }: Pick<CandidateContext, 'table'>): number {
  return names.reduce((sum, name) => sum + ((table.scale ? scaleOfColumn(table.scale, name)?.width : undefined) ?? 16), 0)
}
