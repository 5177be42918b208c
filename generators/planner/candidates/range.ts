/** One range behind the keys that are compared with values. */
import { type CandidateContext, type IndexCandidate, candidate, plainKey } from './candidate.ts'
import { scanKeys } from './scan-keys.ts'

export function range(context: CandidateContext): IndexCandidate[] {
  const { equal, joined, lists, ranges } = scanKeys(context)
  const make = (keys: typeof equal) => candidate(context, 'range', keys.slice(0, 4).map((key) => plainKey(key)))
  return ranges.flatMap((one) => [
    ...(equal.length > 0 ? [make([...equal.slice(0, 3), one])] : []),
    ...(lists.length > 0 ? [make([...equal, ...lists, one])] : []),
    ...joined.flatMap((key) => [make([key, ...equal.slice(0, 2), one]), make([one, key])]),
    ...ranges.filter((other) => other !== one).map((other) => make([...equal.slice(0, 2), one, other])),
  ])
}
