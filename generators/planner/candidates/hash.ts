/** A hash of one long value: smaller than the value, and good for equality alone. */
import { type CandidateContext, type IndexCandidate, candidate, plainKey } from './candidate.ts'
import { scanKeys } from './scan-keys.ts'
import { scaleOfColumn } from '../scale/table-scale.ts'

const longBytes = 24

export function hash(context: CandidateContext): IndexCandidate[] {
  const { equal, joined } = scanKeys(context)
  const isLong = (name: string) => ((context.table.scale && scaleOfColumn(context.table.scale, name)?.width) || 0) >= longBytes
  return [...equal, ...joined].filter(({ text, isExpression }) => !isExpression && isLong(text)).map((key) => candidate(context, 'hash', [plainKey(key)], { method: 'hash' }))
}
