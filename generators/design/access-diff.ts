/** Who can newly do what between two states of a repository. Plain data, without clocks, random names or OIDs. */

export interface AccessDiff {
  base: RevisionName
  head: RevisionName
  /** Objects that are on both sides. */
  compared: { tables: number; views: number; functions: number }
  /** Those that something with a say in their answers changed for. */
  asked: string[]
  gained: Difference[]
  lost: Difference[]
  /** Requests that got nothing before and an error now, or the other way round. */
  otherwise: Difference[]
  appeared: AppearedRelation[]
  gone: string[]
  /** Newly callable functions that run with the caller's own rights, or in a schema that the Data API does not serve. */
  callable: CallableFunction[]
  /** Changed, and nobody could be asked. */
  unobserved: { object: string; why: string; changes: string[] }[]
  /** Changed, and everybody got the same answers. */
  unchanged: { object: string; changes: string[] }[]
  notes: string[]
}

export interface RevisionName {
  name: string
  /** Null for the working tree. */
  commit: string | null
}

export interface Difference {
  kind: 'rows' | 'right' | 'function' | 'guard' | 'publication' | 'api'
  /** `core.shows`. */
  object: string
  /** Whoever comes first sends the request. */
  who: string[]
  action: string
  /** Rows, columns; empty where it is all of it. */
  what: string[]
  before: string
  after: string
  witness: Witness
  /** What changed. */
  because: string[]
}

export interface Witness {
  role: string
  claims: string | null
  sql: string
  /** Statements of `postgres` before it. */
  setup: string[]
  /** All of it, for psql or `trr-db shell --sql`; the last statement is the request. Null where it is no SQL. */
  script: string | null
}

export interface AppearedRelation {
  object: string
  kind: 'table' | 'view'
  rowSecurity: boolean
  /** Everybody × verb, in words; empty where nobody may. */
  may: { who: string; select: string; insert: string; update: string; delete: string }[]
  /** A client (not the service) may do something: one request for each verb. */
  witnesses: Difference[]
  publications: string[]
  notes: string[]
}

export interface CallableFunction {
  object: string
  roles: string[]
  definer: boolean
}

/** Exit 1: somebody gains something, or nobody knows. What only the service key gains is said, and does not count: it passes row level security anyway. */
export function hasFindings(diff: AccessDiff): boolean {
  return diff.gained.some(({ who }) => who.some((one) => one !== serviceTitle && one !== 'service_role')) || diff.appeared.some(({ witnesses }) => witnesses.length > 0) || diff.unobserved.length > 0
}

export const serviceTitle = 'the service'
