/** What the shapes of a request are built from. */
import type { RowFacts } from '../../../design/access.ts'
import type { Verb } from '../../../design/spec.ts'
import type { Identity } from '../identity.ts'
import type { RowState } from '../runner.ts'
import type { SearchCase } from '../search-cases.ts'
import type { Subject } from '../subject.ts'

export interface ShapeContext {
  subject: Subject
  /** The rows before any request. */
  before: ReadonlyMap<string, RowState>
  /** Calls of search functions, each with what it finds. */
  searches?: readonly SearchCase[]
  /** What the spec allows at this moment of the rollout. */
  allows(verb: Verb, identity: Identity, facts: RowFacts): boolean
}
