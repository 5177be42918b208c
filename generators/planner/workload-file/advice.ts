/** The indexes of a workload, with what each is worth. Plain data. */
import type { IndexPlan } from '../../design/plan.ts'

export interface WorkloadAdvice {
  statements: AdvisedStatement[]
  indexes: AdvisedIndex[]
  /** Indexes that are there and that the workload does without. */
  superfluous: SuperfluousIndex[]
  /** Indexes that a superuser would use and the caller cannot. */
  blocked: { index: string; statement: string; because: string }[]
  total: { before: number; after: number; bytes: number; writesPerSecond: number }
  /** What the workload costs at most with less room: times as much. */
  rooms: { share: number; bytes: number; workload: number }[]
  /** How much was tried. */
  tried: { candidates: number; plans: number }
}

export interface SuperfluousIndex {
  index: string
  /** `widened`: a new one begins with its keys; `redundant`: one that is there does; `unread`: no plan has it; `equal`: plans without it cost the same. */
  kind: 'widened' | 'redundant' | 'unread' | 'equal'
  because: string
  /** The new one of a widened one. */
  replacedBy: string | null
  sql: string
}

export interface AdvisedStatement {
  name: string
  as: string
  perSecond: number
  /** Null where the server refuses it. */
  cost: { before: number; after: number } | null
  indexes: string[]
  sequentialScans: string[]
  refused: string | null
}

export interface AdvisedIndex extends Pick<IndexPlan, 'name' | 'table' | 'method' | 'keys' | 'include' | 'where'> {
  sql: string
  rule: string
  serves: string[]
  bytes: number
  microsecondsPerInsert: number
  /** What the statement that loses most was seen to cost without it, and the whole workload at most: times as much. */
  without: { workload: number; statement: string | null; ratio: number }
  /** What would do instead, and what the whole workload then costs at most. */
  nearest: { index: string; workload: number } | null
}
