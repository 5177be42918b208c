/** The range of each stretch of the table: next to nothing to keep, where rows lie in the order of a column. */
import { type CandidateContext, type IndexCandidate, candidate, plainKey } from './candidate.ts'
import { scanKeys } from './scan-keys.ts'
import { heapBytes, pageBytes } from '../size-model.ts'
import { scaleOfColumn } from '../scale/table-scale.ts'

const inOrder = 0.95
const worthPages = 10_000

export function brin(context: CandidateContext): IndexCandidate[] {
  const { scale } = context.table
  if (!scale || heapBytes(scale) < worthPages * pageBytes) return []
  const keys = scanKeys(context).ranges.filter(({ text }) => Math.abs(scaleOfColumn(scale, text)?.correlation ?? 0) >= inOrder)
  return keys.map((key) => candidate(context, 'brin', [plainKey(key)], { method: 'brin' }))
}
