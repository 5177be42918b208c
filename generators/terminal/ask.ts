/** Questions to a person: a thin layer over inquirer, which is loaded with the first of them. */
import { TrrError } from '../errors.ts'
import { leavable } from './aside.ts'
import { createStyle, wantsColor } from './style.ts'
import { wrap } from './wrap.ts'

export interface Choice<Value> {
  value: Value
  name: string
  description?: string
}

/** Says what is wrong with an answer; null when it is fine. */
export type Validate<Value> = (value: Value) => string | null | Promise<string | null>

interface Asked {
  message: string
  /** Escape goes back and `?` explains: both throw an Aside. */
  leavable?: boolean
}

export interface Ask {
  /** `edit`: the default stands there, to be changed. */
  input(question: Asked & { default?: string; edit?: boolean; validate?: Validate<string> }): Promise<string>
  confirm(question: Asked & { default?: boolean }): Promise<boolean>
  select<Value>(question: Asked & { choices: Choice<Value>[]; default?: Value }): Promise<Value>
  checkbox<Value>(question: Asked & { choices: (Choice<Value> & { checked?: boolean })[] }): Promise<Value[]>
  /** Choices that match what was typed so far. */
  search<Value>(question: Asked & { source: (term: string) => Choice<Value>[]; default?: Value; validate?: Validate<Value> }): Promise<Value>
}

/** Asks on this process' terminal. Ctrl-C in a question throws INTERRUPTED. */
export function createAsk(signal: AbortSignal): Ask {
  const put = async <Value>({ leavable: canLeave = false, ...question }: Asked & { type: string; default?: unknown }, says: (answer: Value) => string, length = 0): Promise<Value> => {
    const { type, message } = question
    const isText = type === 'input' || type === 'search'
    const answer = canLeave
      ? await leavable(signal, { text: isText, length }, (either) => run<Value>({ ...question, theme: theme(true) }, either))
      : await run<Value>({ ...question, theme: theme(false) }, signal)
    printAnswer(message, says(answer))
    return answer
  }
  return {
    input: ({ validate, edit = false, ...question }) =>
      put<string>(Object.assign(question, { type: 'input', validate: judge(validate), prefill: edit ? 'editable' : 'tab' }), (answer) => answer, edit ? question.default?.length : 0),
    confirm: (question) => put<boolean>(Object.assign(question, { type: 'confirm' }), (answer) => (answer ? 'Yes' : 'No')),
    select: (question) => put(Object.assign(question, { choices: question.choices.map(wrapped), type: 'select', loop: false, pageSize: 12 }), (answer) => nameOf(question.choices, answer)),
    checkbox: (question) =>
      put<never[]>(Object.assign(question, { type: 'checkbox', loop: false, pageSize: 12 }), (answers) => answers.map((answer) => nameOf(question.choices, answer)).join(', ') || 'none'),
    search: ({ source, validate, ...question }) => {
      let shown: Choice<never>[] = []
      const find = (term?: string) => (shown = (source(term ?? '') as Choice<never>[]).map(wrapped))
      return put(Object.assign(question, { type: 'search', source: find, validate: judge(validate), pageSize: 9 }), (answer) => nameOf(shown, answer as never))
    },
  }
}

/** What was asked is erased when it is answered, and stays as one line. */
async function run<Value>(question: object, signal: AbortSignal): Promise<Value> {
  const { default: inquirer } = await import('inquirer')
  const prompt = inquirer.createPromptModule({ signal, clearPromptOnDone: true })
  return settle(prompt({ ...question, name: 'answer' } as never) as Promise<{ answer: Value }>)
}

// Inquirer reads keys in raw mode: Ctrl-C reaches it, not the process.
async function settle<Value>(asked: Promise<{ answer: Value }>): Promise<Value> {
  try {
    return (await asked).answer
  } catch (error) {
    const { name } = error as Error
    if (name !== 'ExitPromptError' && name !== 'AbortPromptError') throw error
    throw new TrrError({ code: 'INTERRUPTED', message: 'Interrupted. Nothing was written.' }, { cause: error })
  }
}

function printAnswer(message: string, answer: string): void {
  const style = createStyle(wantsColor(process.env, process.stdout))
  const line = wrap(`${style.green('✓')} ${message} ${style.cyan(answer.split('\n')[0] ?? '')}`, columns(), 2)
  process.stdout.write(`${line.trimEnd()}\n`)
}

/** The line of keys below lists. */
function theme(canLeave: boolean): object {
  const style = createStyle(wantsColor(process.env, process.stdout))
  const more: [string, string][] = canLeave ? [['?', 'explain'], ['esc', 'back']] : []
  const keysHelpTip = (keys: [string, string][]) => [...keys.filter(([key]) => !isSpare(key)), ...more].map(([key, does]) => `${style.bold(key)} ${style.dim(does)}`).join(style.dim(' · '))
  return { prefix: { idle: style.cyan('?') }, style: { keysHelpTip, description: style.dim } }
}

/** The line does not fit narrow windows with all of them. */
function isSpare(key: string): boolean {
  return columns() < 80 && (key === 'a' || key === 'i')
}

function nameOf<Value>(choices: readonly Choice<Value>[], answer: Value): string {
  return choices.find(({ value }) => value === answer)?.name ?? String(answer)
}

function judge<Value>(validate: Validate<Value> | undefined): (value: Value) => Promise<string | true> {
  return async (value) => {
    const fault = await validate?.(value)
    return fault ? wrap(fault, columns() - 2) : true
  }
}

/** Inquirer breaks lines within words. */
function wrapped<Value>(choice: Choice<Value>): Choice<Value> {
  return choice.description === undefined ? choice : { ...choice, description: wrap(choice.description, columns() - 1) }
}

function columns(): number {
  return Math.max(40, process.stdout.columns ?? 80)
}
