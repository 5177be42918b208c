/** What a planner would do without some indexes. Supplied by whoever has a server. */
import type { IndexPlan } from '../design/plan.ts'
import type { WorkloadStatement } from './workload.ts'

export interface StatementPlan {
  /** Total cost in the planner's units. */
  cost: number
  indexes: string[]
}

export interface WhatIfView {
  /** Indexes that are looked away from. */
  hidden: readonly IndexPlan[]
  /**
   * `expected`: columns are independent of each other, as Postgres takes them. `dense`: the conditions hang together, so
   * that a key finds as many rows as its most telling column alone; what a policy repeats counts once.
   */
  rows: 'expected' | 'dense'
}

/** By the statements' ids, in their order. A statement that its role may not run is left out. */
export type WhatIf = (statements: readonly WorkloadStatement[], view: WhatIfView) => Promise<Map<string, StatementPlan>>
