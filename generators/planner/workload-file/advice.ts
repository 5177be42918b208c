/** The indexes of a workload, with what each is worth. Plain data. */
import type { IndexPlan } from '../../design/plan.ts'

export interface WorkloadAdvice {
  statements: AdvisedStatement[]
  indexes: AdvisedIndex[]
  /** Indexes that are there and that the workload does without. */
  superfluous: { index: string; because: string; sql: string }[]
  /** Indexes that a superuser would use and the caller cannot. */
  blocked: { index: string; statement: string; because: string }[]
  total: { before: number; after: number; bytes: number; writesPerSecond: number }
  /** How much was tried. */
  tried: { candidates: number; plans: number }
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
  /** What the whole workload, and the statement that loses most, costs without it: times as much. */
  without: { workload: number; statement: string | null; ratio: number }
  nearest: { index: string; workload: number } | null
}
