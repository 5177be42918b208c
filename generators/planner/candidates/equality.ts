/** Keys that are compared with one value, a list of values, or a column of another table. */
import { type CandidateContext, type IndexCandidate, candidate, plainKey } from './candidate.ts'
import type { KeyTerm } from './key-term.ts'
import { scanKeys } from './scan-keys.ts'

export function equality(context: CandidateContext): IndexCandidate[] {
  const { equal, joins, joined, lists, ranges, weak } = scanKeys(context)
  const make = (...keys: KeyTerm[]) => candidate(context, 'equality', keys.slice(0, 4).map((key) => plainKey(key)))
  const single = [...equal, ...joined, ...lists, ...ranges, ...weak].map((key) => make(key))
  const wide = [
    ...(equal.length > 1 ? [make(...equal)] : []),
    ...(lists.length > 0 ? [make(...equal, ...lists)] : []),
    ...[...joins.values()].filter((keys) => keys.length > 1).map((keys) => make(...keys)),
    ...joined.flatMap((key) => (equal.length > 0 ? [make(key, ...equal), make(...equal, key)] : [])),
    ...joined.flatMap((key) => lists.flatMap((list) => [make(key, list), make(list, key)])),
  ]
  return [...single, ...wide]
}
