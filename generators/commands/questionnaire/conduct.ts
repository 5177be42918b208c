/** Puts the questions of a section to a person. */
import type { Asking, Question } from '../../questions/question.ts'
import type { Ask } from '../../terminal/ask.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { wrap } from '../../terminal/wrap.ts'

/** Answers by the id of their question: offered again when a section is asked again. */
export type Memory = Map<string, unknown>

/** Runs the questions to their end. */
export async function conduct<Result>(asking: Asking<Result>, ask: Ask, terminal: Terminal, memory: Memory): Promise<Result> {
  let step = asking.next()
  while (!step.done) {
    const question = step.value
    if (question.kind === 'say') {
      terminal.print(terminal.style.dim(wrap(question.text, terminal.width)))
      step = asking.next()
      continue
    }
    const answer = await put(question, ask, memory)
    memory.set(question.id, answer)
    step = asking.next(answer)
  }
  return step.value
}

async function put(question: Exclude<Question, { kind: 'say' }>, ask: Ask, memory: Memory): Promise<unknown> {
  const before = memory.get(question.id)
  const { message } = question
  switch (question.kind) {
    case 'input': {
      const { validate } = question
      const isFine = typeof before === 'string' && !(await validate?.(before))
      return ask.input({ message, default: isFine ? before : question.default, ...(validate ? { validate } : {}) })
    }
    case 'confirm':
      return ask.confirm({ message, default: typeof before === 'boolean' ? before : question.default })
    case 'select': {
      const { choices } = question
      const chosen = choices.find(({ value }) => value === before)?.value ?? question.default
      return ask.select({ message, choices, default: chosen })
    }
    case 'checkbox': {
      const checked = Array.isArray(before) ? before : question.default
      return ask.checkbox({ message, choices: question.choices.map((choice) => ({ ...choice, checked: checked.includes(choice.value) })) })
    }
    case 'search': {
      const matches = (term: string) => question.choices.filter(({ name }) => name.toLowerCase().includes(term.toLowerCase()))
      return ask.search({ message, source: matches })
    }
  }
}
