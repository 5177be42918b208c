/** What can go wrong in a predicate: conditions lost, joined wrongly, turned round. */
import { partsOf, withoutBrackets } from '../../sql/predicate-parts.ts'
import { leafMutants } from './leaf-mutants.ts'
import type { Mutant } from './mutant.ts'

export interface MutatedPredicate {
  predicate: string
  /** `without "deleted_at is null"`. */
  says: string
  effect: Mutant['effect']
  /** The condition that was left out, when it was one that everything else was joined to by `and`. */
  dropped: string | null
}

/** Every predicate with one fault. Deep enough for what is generated: alternatives of conjunctions in a conjunction. */
export function mutatePredicate(predicate: string, depth = 0): MutatedPredicate[] {
  const taken = partsOf(predicate)
  const whole: MutatedPredicate[] = depth === 0 ? [{ predicate: 'true', says: 'true', effect: 'weakening', dropped: null }] : []
  const negated: MutatedPredicate = { predicate: `not (${predicate})`, says: `"${brief(predicate)}" negated`, effect: 'weakening', dropped: null }
  if (!taken) return [...whole, negated, ...leafMutants(withoutBrackets(predicate)).map((leaf) => ({ ...leaf, dropped: null }))]
  const { operator, parts } = taken
  const join = (list: readonly string[], by: string = operator) => list.map((part) => `(${part})`).join(` ${by} `)
  const isAnd = operator === 'and'
  return [
    ...whole,
    ...(depth === 0 ? [negated] : []),
    ...parts.flatMap((part, index): MutatedPredicate[] =>
      // What is always so is no condition.
      withoutBrackets(part) === String(isAnd) ? [] : [{ predicate: join(parts.toSpliced(index, 1)), says: `without "${brief(part)}"`, effect: isAnd ? 'weakening' : 'restricting', dropped: isAnd && depth === 0 ? part : null }],
    ),
    { predicate: join(parts, isAnd ? 'or' : 'and'), says: `"${brief(predicate)}" joined by ${isAnd ? 'or' : 'and'}`, effect: isAnd ? 'weakening' : 'restricting', dropped: null },
    ...(depth < 3 ? parts.flatMap((part, index) => mutatePredicate(part, depth + 1).map((inner) => ({ ...inner, predicate: join(parts.with(index, inner.predicate)), dropped: null }))) : []),
  ]
}

/** On one line. */
export function brief(predicate: string): string {
  const line = withoutBrackets(predicate).split(/\s+/).join(' ')
  return line.length > 90 ? `${line.slice(0, 88)}…` : line
}
