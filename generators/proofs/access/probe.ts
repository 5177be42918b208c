/** A request with what the spec expects of it. */
import type { Verb } from '../../design/spec.ts'
import { type Identity, isClient } from './identity.ts'
import type { Outcome, Request, RowState } from './runner.ts'
import type { SubjectRow } from './subject.ts'

export interface Probe extends Request {
  identity: Identity
  verb: Verb
  /** `by id`, `returning`, `blind`, … */
  shape: string
  /** What came out, row by row. Pure. */
  judge(outcome: Outcome): Judgement[]
  /** What is sent as well when a request for many rows came out differently: the same, row by row. */
  refine?(rows: ReadonlySet<string>): Probe[]
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

/** The right itself is missing. Row level security refuses with the same code, after the rights were there. */
export function lacksRight({ code, message }: Outcome): boolean {
  return code === refused && !(message ?? '').includes('row-level security')
}

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

/** Where the caller reaches nothing it must look as if nothing were there: no row and no error, or a right that is missing on all of the table. */
export function unreached(outcome: Outcome, { title }: Identity, what: string): string | undefined {
  const { code, message, count } = outcome
  if ((code === null && count === 0) || (lacksRight(outcome) && message?.startsWith('permission denied for ') === true)) return undefined
  return `${what} by ${title} ends with ${code === null ? `${count} rows` : `${code}: ${message}`} instead of nothing, which tells what exists`
}

/** The judgements of a request for one row that must look as if the row were not there, unless the caller reaches it. */
export function asIfAbsent(judgements: Judgement[], outcome: Outcome, identity: Identity, what: string): Judgement[] {
  const told = judgements.some(({ expected, observed, complaint }) => expected || observed || complaint !== undefined) ? undefined : unreached(outcome, identity, what)
  return told === undefined ? judgements : judgements.map((one) => ({ ...one, complaint: told }))
}

/** Rows that a request is sent for by key: one that it reaches, and one that it does not. The rest is asked all at once. */
export function tellingRows(rows: readonly SubjectRow[], reached: (row: SubjectRow) => boolean): SubjectRow[] {
  return oneOfEach(rows, reached)
}

/** The first of each class. */
export function oneOfEach<Item>(items: readonly Item[], classOf: (item: Item) => unknown): Item[] {
  const classes = items.map(classOf)
  return items.filter((_, index) => classes.indexOf(classes[index]) === index)
}

/** One for each client role, who gets through if anybody does: rights on tables and columns are the role's, not the person's. */
export function speakers(identities: readonly Identity[], passes: (identity: Identity) => boolean): Identity[] {
  const clients = identities.filter(isClient)
  return oneOfEach([...clients.filter(passes), ...clients], ({ caller }) => caller.role)
}

/** One caller for each role and each combination of what they reach: for shapes that ask the same rules as others, in another way. */
export function typical(identities: readonly Identity[], rows: readonly SubjectRow[], reaches: (identity: Identity, row: SubjectRow) => string): Identity[] {
  return oneOfEach(identities.filter(isClient), (identity) => `${identity.caller.role} ${[...new Set(rows.map((row) => reaches(identity, row)))].toSorted().join()}`)
}
