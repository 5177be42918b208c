/** The keys of a scan by what they are compared with, each once, in the order in which they should lead an index. */
import type { CandidateContext } from './candidate.ts'
import type { Comparison } from './comparison.ts'
import type { KeyTerm } from './key-term.ts'

export interface ScanKeys {
  /** Compared with one value. */
  equal: KeyTerm[]
  /** Compared with a column of another table, by the alias of that table. */
  joins: Map<string, KeyTerm[]>
  /** All of the joins' keys. */
  joined: KeyTerm[]
  lists: KeyTerm[]
  ranges: KeyTerm[]
  /** Of one arm of an OR. */
  weak: KeyTerm[]
}

export function scanKeys({ scan, table, shared }: CandidateContext): ScanKeys {
  const strong = scan.comparisons.filter(({ weak }) => !weak)
  const equal = distinctKeys(strong.filter((one) => one.kind === 'equal' && one.with !== 'join')).toSorted((a, b) => rank(b) - rank(a))
  const joins = new Map<string, KeyTerm[]>()
  for (const { kind, partner, key } of strong) if (kind === 'equal' && partner !== null) joins.set(partner, [...(joins.get(partner) ?? []).filter(({ text }) => text !== key.text), key])
  return {
    equal,
    joins,
    joined: distinctKeys(strong.filter((one) => one.kind === 'equal' && one.with === 'join')),
    lists: distinctKeys(strong.filter(({ kind }) => kind === 'list')),
    ranges: distinctKeys(strong.filter(({ kind }) => kind === 'range')),
    weak: distinctKeys(scan.comparisons.filter(({ weak, kind }) => weak && ['equal', 'list', 'range'].includes(kind))),
  }
  // The order of compared keys is free: what the tenants and most statements compare leads.
  function rank({ text }: KeyTerm): number {
    return (text === table.tenant ? 1e6 : 0) + shared(text)
  }
}

export function distinctKeys(comparisons: readonly Pick<Comparison, 'key'>[]): KeyTerm[] {
  return [...new Map(comparisons.map(({ key }) => [key.text, key])).values()]
}
