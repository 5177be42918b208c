/** What a command is, what it gets and what it gives back. Commands never exit; they return or throw. */
import type { Terminal } from '../terminal/terminal.ts'

/** What `--help` needs to know. The code is loaded only when the command runs. */
export interface CommandEntry {
  id: string
  group: string
  summary: string
  /** In commander's notation, for example `[name]` or `<spec...>`. */
  arguments: { name: string; says: string }[]
  options: { flags: string; says: string }[]
  examples: string[]
  load(): Promise<CommandModule>
}

export interface CommandModule {
  run(input: CommandInput): Promise<CommandOutcome>
}

/** The options of all commands; those that a command does not have are at rest. */
export interface CommandOptions {
  yes: boolean
  json: boolean
  /** History files that are not replayed. */
  skip: string[]
  answers: string | null
  /** Go on with the questionnaire where it was left. */
  resume: boolean
  writeAnyway: boolean
  keep: boolean
  check: boolean
  mutations: boolean
  as: string | null
  claims: string | null
  sql: string | null
  seed: boolean
  markdown: boolean
  /** Only this query of the design. */
  query: string | null
  /** Address of a database whose sizes and statistics are read. */
  statsFrom: string | null
  /** A file of statements, and the schema that they run on. */
  workload: string | null
  schema: string | null
  /** A file that says how large the tables are. */
  scale: string | null
  /** Execute the queries on a sample of rows. */
  measure: boolean
  /** Measure what indexes cost writes. */
  calibrate: boolean
  /** Bytes of all indexes together. */
  budget: string | null
}

export interface CommandInput {
  arguments: string[]
  options: CommandOptions
  cwd: string
  /** Aborted by Ctrl-C, with a TrrError `INTERRUPTED` as its reason. */
  signal: AbortSignal
  terminal: Terminal
  now: Date
}

export interface CommandOutcome {
  exitCode: 0 | 1 | 3
  /** What `--json` prints, beside `ok`, `command` and `exitCode`. */
  document: Record<string, unknown>
}
