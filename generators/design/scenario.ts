/** A small world with rows, and what the spec lets its people do there: what the pgTAP file acts out. Plain data. */
import type { QualifiedName } from '../sql/identifier.ts'
import type { Verb } from './spec.ts'

export interface AccessScenario {
  /** Inserts the people, as `postgres`. */
  people: string
  callers: { title: string; role: ScenarioCaller['role']; claims: string | null }[]
  /** What clients may do with the schemas of the design, and what new objects in them give; null for nothing. */
  schemaRights: string | null
  /** Who may change organisations and memberships that were there before; null for nobody. */
  writers: string | null
  /** Parents first. */
  tables: ScenarioTable[]
  /** The functions on memberships, where the design has them. */
  acting?: ScenarioActing
  /** What is asked on top of the rows of the tables. */
  parts: ScenarioPart[]
}

/** Requests in plain SQL, each with what comes of it. */
export interface ScenarioPart {
  /** `core.open_threads`. */
  name: string
  /** Answers are numbers of rows, to which those come that are there already. */
  counts: boolean
  /** Inserts what it needs; may be empty. */
  seed: string
  /** Sent by several callers: written once. */
  requests: { name: string; sql: string }[]
  /** `answer` is the one text that comes back, `done` for a statement that is not among `requests`; null = refused. */
  expectations: { caller: string; request: string; answer: string | null; says: string }[]
}

export interface ScenarioActing {
  /** On top of everything before it. */
  seed: string
  /** Temporary tables, and `pg_temp.acted(steps)`, which says what came of calls. */
  script: string[]
  cases: { caller: string; action: string; title: string; steps: string; answer: string; done: boolean }[]
}

export interface ScenarioTable {
  table: QualifiedName
  /** Inserts its rows and what they refer to; empty where the people are the rows. */
  seed: string
  /** Values of the primary key as `to_jsonb` prints them, joined by `|`. */
  rows: { key: string; title: string }[]
  callers: ScenarioCaller[]
}

export interface ScenarioCaller {
  title: string
  role: string
  /** Text of `request.jwt.claims`; null = no token. */
  claims: string | null
  /** Titles of the rows that each verb reaches, in order; null where the role has no privilege for the verb at all. A verb that is missing is not asked. */
  reaches: Partial<Record<Exclude<Verb, 'insert'>, string[] | null>>
  /** Whole INSERT statements with what comes of them. */
  inserts: { title: string; sql: string; allowed: boolean }[]
}
