/** Any two keys of a scan, one behind the other: what nobody would have thought of. */
import { type CandidateContext, type IndexCandidate, candidate, plainKey } from './candidate.ts'
import type { KeyTerm } from './key-term.ts'
import { scanKeys } from './scan-keys.ts'

const most = 5

export function pairs(context: CandidateContext): IndexCandidate[] {
  const { equal, joined, lists, ranges, weak } = scanKeys(context)
  const all = [...new Map([...equal, ...joined, ...lists, ...ranges, ...weak].map((key) => [key.text, key])).values()].slice(0, most)
  const pair = (first: KeyTerm, second: KeyTerm) => candidate(context, 'pair', [plainKey(first), plainKey(second)])
  return all.flatMap((first) => all.filter((second) => second !== first).map((second) => pair(first, second)))
}
