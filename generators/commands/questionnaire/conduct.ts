/** Puts the questions of a section to a person, and follows where they want to go. */
import type { Asking } from '../../questions/question.ts'
import { Aside } from '../../terminal/aside.ts'
import type { Ask } from '../../terminal/ask.ts'
import { explainTopic } from '../../terminal/playbook.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { wrap } from '../../terminal/wrap.ts'
import type { Answerable, Trail } from './trail.ts'

interface Conductor {
  ask: Ask
  terminal: Terminal
  trail: Trail
  /** Before the first question that is really put. */
  opened(): void
  /** After every answer. */
  saved(): Promise<void>
}

interface Conducted<Result> {
  /** Null: the person wants back to what came before. */
  result: Result | null
  /** Ids of the questions, in order. */
  path: string[]
  /** At least one was put to the person. */
  asked: boolean
}

/** Starts the questions anew after each step back: those that stand are answered at once. */
export async function conduct<Result>(start: () => Asking<Result>, conductor: Conductor): Promise<Conducted<Result>> {
  let asked = false
  for (;;) {
    const round = await once(start(), { ...conductor, opened: () => {
      if (!asked) conductor.opened()
      asked = true
    } })
    if (!round.back) return { result: round.result, path: round.path, asked }
    const last = round.path.at(-1)
    if (last === undefined) return { result: null, path: [], asked }
    conductor.trail.reopen(last)
  }
}

async function once<Result>(asking: Asking<Result>, conductor: Conductor): Promise<{ back: true; path: string[] } | { back: false; result: Result; path: string[] }> {
  const { terminal, trail } = conductor
  const path: string[] = []
  const unsaid: (string | (() => Promise<string | null>))[] = []
  const speak = async () => {
    for (const said of unsaid.splice(0)) {
      const text = typeof said === 'string' ? said : await said()
      if (text) terminal.print(terminal.style.dim(text.split('\n').map((line) => wrap(`  ${line}`, terminal.width)).join('\n')))
    }
  }
  let wasAsked = false
  let step = asking.next()
  while (!step.done) {
    const question = step.value
    if (question.kind === 'say') {
      unsaid.push(question.text)
      step = asking.next()
      continue
    }
    const standing = await trail.standing(question)
    if (standing === undefined) {
      conductor.opened()
      await speak()
      const answer = await put(question, conductor)
      if (answer === back) return { back: true, path }
      trail.settle(question, answer)
      await conductor.saved()
      wasAsked = true
      step = asking.next(answer)
    } else {
      // What belongs to an answer that stands was read before.
      unsaid.splice(0)
      wasAsked = false
      step = asking.next(standing)
    }
    path.push(question.id)
  }
  if (wasAsked) await speak()
  return { back: false, result: step.value, path }
}

const back = Symbol('back')

/** Until it is answered, or left for the one before. */
async function put(question: Answerable, { ask, terminal, trail }: Conductor): Promise<unknown> {
  const fault = await trail.faultOf(question)
  if (fault && trail.remembered(question.id) !== undefined) terminal.print(terminal.style.yellow(wrap(`  ${fault}`, terminal.width)))
  for (;;) {
    try {
      return await show(question, ask, trail.remembered(question.id))
    } catch (error) {
      if (!(error instanceof Aside)) throw error
      if (error.wish === 'back') return back
      terminal.print(`${await explainTopic(question.topic, terminal)}\n`)
    }
  }
}

function show(question: Answerable, ask: Ask, before: unknown): Promise<unknown> {
  const { message } = question
  const asked = { message, leavable: true }
  switch (question.kind) {
    case 'input': {
      const { validate } = question
      const known = typeof before === 'string' && before !== '' && before !== question.default
      return ask.input({ ...asked, default: known ? before : question.default, edit: known, ...(validate ? { validate } : {}) })
    }
    case 'confirm':
      return ask.confirm({ ...asked, default: typeof before === 'boolean' ? before : question.default })
    case 'select': {
      const { choices } = question
      return ask.select({ ...asked, choices, default: choices.find(({ value }) => value === before)?.value ?? question.default })
    }
    case 'checkbox': {
      const offered = question.choices.map(({ value }) => value)
      // Answers about other choices say nothing here.
      const known = Array.isArray(before) && (before.length === 0 || offered.some((value) => before.includes(value)))
      const checked: unknown[] = known ? before : question.default
      return ask.checkbox({ ...asked, choices: question.choices.map((choice) => ({ ...choice, checked: checked.includes(choice.value) })) })
    }
    case 'search':
      return ask.search({ ...asked, source: question.find, ...(typeof before === 'string' ? { default: before } : {}) })
  }
}
