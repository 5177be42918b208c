/** Questions as data. A section yields them and is sent the answers; who asks, and where, is not its business. */
import type { Catalog } from '../design/catalog.ts'
import type { Habits } from '../design/habits.ts'
import type { SpecInput } from '../design/input.ts'
import type { Topic } from './topics.ts'

export interface Choice<Value = string> {
  value: Value
  name: string
  description?: string
}

interface Asked {
  /** Stable, so that an answer can be offered again: `tables.notes.columns`. */
  id: string
  message: string
  topic: Topic
}

/** Says what is wrong with an answer; null when it is fine. */
type Validate = (answer: string) => string | null | Promise<string | null>

export type Question =
  | (Asked & { kind: 'input'; default: string; validate?: Validate })
  | (Asked & { kind: 'confirm'; default: boolean })
  | (Asked & { kind: 'select'; default: string; choices: Choice[] })
  | (Asked & { kind: 'checkbox'; default: string[]; choices: Choice[] })
  /** `find` gives what fits the letters typed so far, likeliest first. */
  | (Asked & { kind: 'search'; find: (typed: string) => Choice[] })
  /** Not a question: something to read before the next one. */
  | { kind: 'say'; text: string | (() => Promise<string | null>) }

/** What a section may look at. */
export interface World {
  catalog: Catalog
  habits: Habits
  /** Names of the designs that exist. */
  designs: string[]
  /** What is wrong with a draft below the path, as sentences. */
  faults(draft: SpecInput, path: readonly string[]): Promise<string[]>
  /** What a table grows to, in one line; null while its design does not hold. */
  growth(draft: SpecInput, table: string): Promise<string | null>
}

/** Questions in progress: yields questions, takes answers, returns the result. */
export type Asking<Result> = Generator<Question, Result, unknown>

/** One of the seven inputs of a design. */
export interface Section {
  id: 'story' | 'tenancy' | 'tables' | 'queries' | 'scale' | 'privacy' | 'files'
  title: string
  /** Top-level keys of the spec that it answers for. */
  keys: (keyof SpecInput)[]
  ask(draft: SpecInput, world: World): Asking<SpecInput>
}

type Options<Kind extends Question['kind']> = Omit<Extract<Question, { kind: Kind }>, 'kind'>

export function* input(question: Options<'input'>): Asking<string> {
  return String(yield { kind: 'input', ...question }).trim()
}

export function* confirm(question: Options<'confirm'>): Asking<boolean> {
  return (yield { kind: 'confirm', ...question }) === true
}

export function* select<Value extends string>(question: Options<'select'> & { choices: Choice<Value>[] }): Asking<Value> {
  return (yield { kind: 'select', ...question }) as Value
}

export function* checkbox(question: Options<'checkbox'>): Asking<string[]> {
  return (yield { kind: 'checkbox', ...question }) as string[]
}

export function* search(question: Options<'search'>): Asking<string> {
  return (yield { kind: 'search', ...question }) as string
}

export function* say(text: string | (() => Promise<string | null>)): Asking<void> {
  yield { kind: 'say', text }
}
