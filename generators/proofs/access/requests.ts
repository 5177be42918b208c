/** Requests of another kind than those to a table: what a view shows, what lies in a bucket. */
import type { Session } from '../../postgres/session.ts'
import type { Probe } from './probe.ts'
import type { SearchCase } from './search-cases.ts'
import type { ShapeContext } from './shapes/context.ts'
import type { Strangers } from './shapes/oracles.ts'
import type { Subject } from './subject.ts'

/**
 * `closed`: before the policies exist; clients get nothing, and whether the service gets anything already is left open.
 * `open`: access is what the spec says.
 */
export interface Stage {
  access: 'closed' | 'open'
  /** Every shape, the few that notice access which is too wide, or the fewest, where the rights are known to be the same. */
  probes: 'all' | 'wide' | 'brief'
}

export interface SeededTable {
  context: ShapeContext
  probes: Probe[]
}

export interface Requests {
  /** Nothing can be asked before. */
  isThere(session: Session): Promise<boolean>
  /** The file that opens it ends so: `_views.sql`. */
  opens: string
  /** The rows are there. */
  ask(session: Session, subject: Subject, stage: Stage): Promise<SeededTable>
}

export interface PreparedSubject {
  subject: Subject
  strangers: Strangers[]
  script: string
  /** Calls of search functions with rows that were there when it was prepared. */
  searches?: readonly SearchCase[]
  /** Where other requests are sent than to a table. */
  requests?: Requests
}
