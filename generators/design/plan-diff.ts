/** How the plans of declared queries differ between two states of a repository. */
import type { ScalePoint } from './evidence.ts'

export interface PlanDiff {
  /** Designs of either side. */
  designs: number
  /** Those that something changed for, with how many queries were planned. */
  planned: { design: string; queries: number }[]
  differences: PlanDifference[]
  /** Declared on one side only. */
  added: string[]
  removed: string[]
  /** What could not be planned, and why. */
  notes: string[]
}

export interface PlanDifference {
  design: string
  query: string
  as: string
  sql: string
  at: ScalePoint
  /** What is different, in words. */
  changes: string[]
  before: QueryAtScale
  after: QueryAtScale
}

export interface QueryAtScale {
  /** `EXPLAIN (costs off)`, generic plan, as the role that runs it. */
  plan: string[]
  indexes: string[]
  sequentialScans: string[]
  cost: number
  /** Rows that the planner took each table to have. */
  rows: Record<string, number>
}

/** From this ratio on a cost is said to have changed: scaled and loaded databases agree within 12 %. */
export const costThreshold = 1.2

/** What a person wants to know about two plans; empty when they are alike. */
export function planChanges(before: QueryAtScale, after: QueryAtScale): string[] {
  const ratio = after.cost / Math.max(before.cost, 0.01)
  const scans = after.sequentialScans.filter((table) => !before.sequentialScans.includes(table))
  const added = after.indexes.filter((name) => !before.indexes.includes(name))
  const removed = before.indexes.filter((name) => !after.indexes.includes(name))
  const rows = Object.keys(after.rows).filter((table) => before.rows[table] !== undefined && before.rows[table] !== after.rows[table])
  const changes = [
    ...scans.map((table) => `reads all of ${table}`),
    ...(removed.length > 0 ? [`no longer reads ${removed.join(', ')}`] : []),
    ...(added.length > 0 ? [`reads ${added.join(', ')}`] : []),
    ...(ratio >= costThreshold || ratio <= 1 / costThreshold ? [`cost ${round(before.cost)} → ${round(after.cost)}`] : []),
    ...(scans.length + added.length + removed.length === 0 && shape(before.plan) !== shape(after.plan) ? ['another shape'] : []),
  ]
  return changes.length === 0 ? [] : [...changes, ...rows.map((table) => `declared rows of ${table}: ${before.rows[table]} → ${after.rows[table]}`)]
}

/** The nodes, without their conditions. */
function shape(plan: readonly string[]): string {
  return plan.filter((line, place) => place === 0 || /->|^\s*(InitPlan|SubPlan)/.test(line)).join('\n')
}

function round(cost: number): string {
  return cost >= 100 ? String(Math.round(cost)) : cost.toFixed(2)
}
