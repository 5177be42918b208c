/** The kinds of candidates, the likeliest first. */
import type { CandidateRule } from './candidate.ts'
import { brin } from './brin.ts'
import { covering } from './covering.ts'
import { equality } from './equality.ts'
import { hash } from './hash.ts'
import { order } from './order.ts'
import { pairs } from './pairs.ts'
import { partial } from './partial.ts'
import { range } from './range.ts'
import { special } from './special.ts'

export const candidateRules: readonly CandidateRule[] = [special, equality, order, range, partial, covering, brin, hash, pairs]
