/** The answers of a session: which of them stand, and which are only offered again. */
import type { Question } from '../../questions/question.ts'

export type Answerable = Exclude<Question, { kind: 'say' }>

/** An answer as a draft keeps it. */
export interface Answered {
  answer: unknown
  /** The choices that there were; other choices are another question. */
  choices: string[] | null
  /** It stands until something is changed before it. */
  stands: boolean
}

export interface Trail {
  /** The answer that stands; undefined when the question must be put. */
  standing(question: Answerable): Promise<unknown>
  /** What was answered before, whether it stands or not. */
  remembered(id: string): unknown
  settle(question: Answerable, answer: unknown): void
  /** Puts the question again. */
  reopen(id: string): void
  /** Says why an answer that was given beforehand does not stand. */
  faultOf(question: Answerable): Promise<string | null>
  /** As it is saved. */
  entries(): [string, Answered][]
}

/** Answers from a draft or the command line are looked at again before they count. */
export function createTrail(given: Iterable<[string, Answered]> = []): Trail {
  const answers = new Map(given)
  const unchecked = new Set(answers.keys())
  const fault = async (question: Answerable): Promise<string | null> => {
    const known = answers.get(question.id)
    if (!known || !unchecked.has(question.id)) return null
    return question.kind === 'input' ? ((await question.validate?.(String(known.answer))) ?? null) : null
  }
  return {
    async standing(question) {
      const known = answers.get(question.id)
      if (!known?.stands || !isOffered(question, known) || (await fault(question))) return undefined
      unchecked.delete(question.id)
      return known.answer
    },
    remembered: (id) => answers.get(id)?.answer,
    settle(question, answer) {
      const before = answers.get(question.id)
      const isNew = before === undefined || JSON.stringify(before.answer) !== JSON.stringify(answer)
      answers.set(question.id, { answer, choices: choicesOf(question), stands: true })
      // What comes later was answered with something else in mind.
      if (isNew) for (const id of answers.keys()) if (id !== question.id) unchecked.add(id)
    },
    reopen(id) {
      const known = answers.get(id)
      if (known) known.stands = false
    },
    faultOf: fault,
    entries: () => [...answers],
  }
}

function isOffered(question: Answerable, { answer, choices }: Answered): boolean {
  switch (question.kind) {
    case 'input':
      return typeof answer === 'string'
    case 'confirm':
      return typeof answer === 'boolean'
    case 'search':
      return typeof answer === 'string' && question.find(answer.trim()).concat(question.find('')).some(({ value }) => value === answer)
    default:
      return choices === null || JSON.stringify(choices) === JSON.stringify(choicesOf(question))
  }
}

function choicesOf(question: Answerable): string[] | null {
  return question.kind === 'select' || question.kind === 'checkbox' ? question.choices.map(({ value }) => value) : null
}
