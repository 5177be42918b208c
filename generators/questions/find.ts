/** Search in a list while somebody types. */
import { nearest } from '../design/nearest.ts'
import type { Choice } from './question.ts'

/** What begins with the letters first, then what holds them, the shortest on top; else what was probably meant. */
export function findChoices<Value extends string>(choices: readonly Choice<Value>[], typed: string): Choice<Value>[] {
  const term = typed.trim().toLowerCase()
  if (term === '') return [...choices]
  const ranked = choices.map((choice) => ({ choice, rank: rank(choice.name.toLowerCase(), term) })).filter(({ rank }) => rank < 3)
  if (ranked.length > 0) return ranked.toSorted((left, right) => left.rank - right.rank || left.choice.name.length - right.choice.name.length).map(({ choice }) => choice)
  const meant = nearest(term, choices.map(({ name }) => lastPart(name)))
  return choices.filter(({ name }) => lastPart(name) === meant)
}

function rank(name: string, term: string): number {
  if (lastPart(name).startsWith(term) || name.startsWith(term)) return 0
  if (name.includes(term)) return 1
  return isSpread(name, term) ? 2 : 3
}

/** `shsub` in `show_submissions`. */
function isSpread(name: string, term: string): boolean {
  let at = 0
  for (const letter of name) if (letter === term[at]) at += 1
  return at === term.length
}

function lastPart(name: string): string {
  return (name.split(' ')[0] ?? name).split('.').at(-1) ?? name
}
