/** A request with what the spec expects of it. */
import type { Verb } from '../../design/spec.ts'
import type { Identity } from './identity.ts'
import type { Outcome, Request, RowState } from './runner.ts'
import type { SubjectRow } from './subject.ts'

export interface Probe extends Request {
  identity: Identity
  verb: Verb
  /** `by id`, `returning`, `blind`, … */
  shape: string
  /** What came out, row by row. Pure. */
  judge(outcome: Outcome): Judgement[]
}

export interface Judgement {
  row: { id: string; title: string }
  expected: boolean
  observed: boolean
  /** What is wrong although expected and observed agree, or what to say instead of the usual sentence. */
  complaint?: string
}

/** For requests that concern the table and no row of it. */
export const wholeTable = { id: 'table', title: 'the table' }

/** What a refusal by row level security, a missing grant or a missing EXECUTE says. */
export const refused = '42501'

/** Rows whose version differs from before, and rows that are gone. */
export function effects(outcome: Outcome, before: ReadonlyMap<string, RowState>): { changed: Set<string>; removed: Set<string>; added: [string, RowState][] } {
  const after = outcome.state
  if (outcome.code !== null || after === null) return { changed: new Set(), removed: new Set(), added: [] }
  return {
    changed: new Set([...before].filter(([key, state]) => after[key] && after[key].version !== state.version).map(([key]) => key)),
    removed: new Set([...before.keys()].filter((key) => !after[key])),
    added: Object.entries(after).filter(([key]) => !before.has(key)),
  }
}

/** An error that is no refusal: a policy that fails instead of answering, a constraint that was met first. */
export function brokenBy(outcome: Outcome, identity: Identity): string | undefined {
  return outcome.code === null || outcome.code === refused ? undefined : `the request of ${identity.title} ended with ${outcome.code}: ${outcome.message}`
}

/** A judgement for each row. */
export function perRow(rows: readonly SubjectRow[], outcome: Outcome, identity: Identity, expected: (row: SubjectRow) => boolean, observed: (row: SubjectRow) => boolean): Judgement[] {
  const broken = brokenBy(outcome, identity)
  return rows.map((row) => ({ row, expected: expected(row), observed: observed(row), ...(broken === undefined ? {} : { complaint: broken }) }))
}

/** Rows that variants of a request are sent for: all that it reaches, and one that it does not. The rest is asked by key. */
export function tellingRows(rows: readonly SubjectRow[], reached: (row: SubjectRow) => boolean): SubjectRow[] {
  const beyond = rows.find((row) => !reached(row))
  return rows.filter((row) => reached(row) || row === beyond)
}
