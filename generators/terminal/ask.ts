/** Questions to a person: a thin layer over inquirer, which is loaded with the first of them. */
import { TrrError } from '../errors.ts'

export interface Choice<Value> {
  value: Value
  name: string
  description?: string
}

/** Says what is wrong with an answer; null when it is fine. */
export type Validate<Value> = (value: Value) => string | null | Promise<string | null>

export interface Ask {
  input(question: { message: string; default?: string; validate?: Validate<string> }): Promise<string>
  confirm(question: { message: string; default?: boolean }): Promise<boolean>
  select<Value>(question: { message: string; choices: Choice<Value>[]; default?: Value }): Promise<Value>
  checkbox<Value>(question: { message: string; choices: (Choice<Value> & { checked?: boolean })[] }): Promise<Value[]>
  /** Choices that match what was typed so far. */
  search<Value>(question: { message: string; source: (term: string) => Choice<Value>[] }): Promise<Value>
}

/** Asks on this process' terminal. Ctrl-C in a question throws INTERRUPTED. */
export function createAsk(signal: AbortSignal): Ask {
  const context = { signal, clearPromptOnDone: false }
  return {
    async input({ validate, ...question }) {
      const { input } = await import('@inquirer/prompts')
      return settle(input({ ...question, validate: judge(validate) }, context))
    },
    async confirm(question) {
      const { confirm } = await import('@inquirer/prompts')
      return settle(confirm(question, context))
    },
    async select(question) {
      const { select } = await import('@inquirer/prompts')
      return settle(select({ ...question, loop: false, pageSize: 12 }, context))
    },
    async checkbox(question) {
      const { checkbox } = await import('@inquirer/prompts')
      return settle(checkbox({ ...question, loop: false, pageSize: 12 }, context))
    },
    async search({ message, source }) {
      const { search } = await import('@inquirer/prompts')
      return settle(search({ message, source: (term) => source(term ?? ''), pageSize: 10 }, context))
    },
  }
}

function judge<Value>(validate: Validate<Value> | undefined): (value: Value) => Promise<string | true> {
  return async (value) => (await validate?.(value)) ?? true
}

// Inquirer reads keys in raw mode: Ctrl-C reaches it, not the process.
async function settle<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer
  } catch (error) {
    const { name } = error as Error
    if (name !== 'ExitPromptError' && name !== 'AbortPromptError') throw error
    throw new TrrError({ code: 'INTERRUPTED', message: 'Interrupted. Nothing was written.' }, { cause: error })
  }
}
