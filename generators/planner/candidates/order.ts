/** Rows in the order in which they are wanted, behind the keys that are compared with values. */
import type { IndexKey } from '../../design/plan.ts'
import { type CandidateContext, type IndexCandidate, candidate, orderKey, plainKey } from './candidate.ts'
import { scanKeys } from './scan-keys.ts'

export function order(context: CandidateContext): IndexCandidate[] {
  const { scan } = context
  const { equal, joined, lists, ranges } = scanKeys(context)
  const fixed = new Set(equal.map(({ text }) => text))
  const make = (keys: readonly IndexKey[]) => candidate(context, 'order', keys.slice(0, 5))
  const rows = scan.comparisons.filter(({ row }) => row.length > 1).map(({ row, operator }) => row.map((key) => ({ key, direction: operator.startsWith('<') ? ('desc' as const) : ('asc' as const), nulls: null })))
  return [...scan.orders, ...rows].flatMap((wanted) => {
    const tail = wanted.filter(({ key }) => !fixed.has(key.text)).map(orderKey)
    if (tail.length === 0) return []
    const lead = equal.map((key) => plainKey(key))
    const filter = ranges.filter(({ text }) => !wanted.some(({ key }) => key.text === text)).map((key) => plainKey(key))
    return [
      make([...lead, ...tail]),
      ...(lead.length > 0 ? [make(tail)] : []),
      ...(scan.limited ? [make([...lead, ...tail, ...lists.map((key) => plainKey(key))])] : []),
      ...(lists.length > 0 ? [make([...lists.map((key) => plainKey(key)), ...lead, ...tail])] : []),
      ...(filter.length > 0 ? [make([...lead, ...tail, ...filter])] : []),
      ...joined.filter(({ text }) => !wanted.some(({ key }) => key.text === text)).flatMap((key) => [make([plainKey(key), ...lead, ...tail]), make([...tail, plainKey(key)])]),
    ]
  })
}
