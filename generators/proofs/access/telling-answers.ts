/**
 * The smallest set of answers that tells every misreading of the spec from the spec: each rule of the evaluator is got wrong in
 * turn, for one verb at a time, and answers are taken until every fault that changes any of them changes one that was taken.
 */
import type { ScenarioCaller } from '../../design/scenario.ts'
import type { Identity } from './identity.ts'
import { type Judge, misreadings } from './misreadings.ts'
import { type Subject, may } from './subject.ts'

type AnswersOf = (identity: Identity, judge: Judge) => ScenarioCaller

/** Callers with the answers that are left; a caller without any is left out. Of organisations and memberships everything is asked. */
export function tellingAnswers(subject: Subject, answersOf: AnswersOf): ScenarioCaller[] {
  const { identities } = subject.world
  const full = identities.map((identity) => answersOf(identity, (...asked) => may(subject, asked[0], asked[1], asked[2])))
  if (subject.table.kind !== 'row') return full
  const right = full.map(textsOf)
  const faults = misreadings(subject).map((judge) => identities.map((identity, place) => changed(right[place] ?? [], textsOf(answersOf(identity, judge)))))
  const taken = cover(right.map(({ length }) => length), faults)
  return full.flatMap((caller, place) => {
    const kept = pick(caller, taken.filter(([of]) => of === place).map(([, answer]) => answer))
    return kept ? [kept] : []
  })
}

const asked = ['select', 'update', 'delete'] as const

/** One text for each answer, in the order of `pick`. */
function textsOf({ reaches, inserts }: ScenarioCaller): string[] {
  return [...asked.map((verb) => JSON.stringify(reaches[verb] ?? null)), ...inserts.map(({ allowed }) => String(allowed))]
}

function pick(caller: ScenarioCaller, places: readonly number[]): ScenarioCaller | null {
  if (places.length === 0) return null
  const reaches = Object.fromEntries(asked.filter((verb, place) => places.includes(place) && caller.reaches[verb] !== undefined).map((verb) => [verb, caller.reaches[verb]]))
  return { ...caller, reaches, inserts: caller.inserts.filter((_, place) => places.includes(place + asked.length)) }
}

function changed(before: readonly string[], after: readonly string[]): number[] {
  return before.flatMap((text, place) => (text === after[place] ? [] : [place]))
}

/** Greedy: the answer that tells most of the faults that are left, the first of equals. Faults that change nothing are left out. */
function cover(lengths: readonly number[], faults: readonly number[][][]): [caller: number, answer: number][] {
  const answers = lengths.flatMap((length, caller) => Array.from({ length }, (_, answer): [number, number] => [caller, answer]))
  let left = faults.filter((fault) => fault.some((places) => places.length > 0))
  const taken: [number, number][] = []
  while (left.length > 0) {
    const told = answers.map(([caller, answer]) => left.filter((fault) => fault[caller]?.includes(answer)).length)
    const best = answers[told.indexOf(Math.max(...told))]
    if (!best) break
    taken.push(best)
    left = left.filter((fault) => !fault[best[0]]?.includes(best[1]))
  }
  return taken
}
