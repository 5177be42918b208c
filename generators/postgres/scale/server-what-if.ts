/** Answers of a real planner to "and without this index?". */
import type { StatementPlan, WhatIf } from '../../planner/what-if.ts'
import type { WorkloadStatement } from '../../planner/workload.ts'
import { type TableScale, scaleOfColumn } from '../../planner/scale/table-scale.ts'
import { type ColumnDistinct, explainStatement } from '../explain.ts'
import type { DesignAtScale } from './design-database.ts'

/** Of a scaled database. What was asked before is remembered. */
export function serverWhatIf({ session, tables }: Pick<DesignAtScale, 'session' | 'tables'>, claims: Record<string, unknown>): WhatIf {
  const known = new Map<string, StatementPlan | null>()
  return async (statements, { hidden, rows }) => {
    const plans = new Map<string, StatementPlan>()
    const names = hidden.map(({ table, name }) => ({ schema: table.schema, name }))
    for (const statement of statements) {
      const isDense = rows === 'dense' && statement.kind === 'query'
      const key = JSON.stringify([statement.id, isDense, names.map(({ name }) => name).toSorted()])
      const distinct = isDense ? denseColumns(statement, tables) : []
      // Whoever may not run it needs no index for it; the proof of the plans reports it.
      const plan = known.has(key) ? known.get(key) : await explainStatement(session, statement, { claims, hidden: names, distinct }).catch(() => null)
      known.set(key, plan ? { cost: plan.cost, indexes: plan.indexes } : null)
      if (plan) plans.set(statement.id, { cost: plan.cost, indexes: plan.indexes })
    }
    return plans
  }
}

/**
 * One value for all compared columns of a table but the most telling one. Where the policy compares that one with a list
 * of ten or so, the planner multiplies both shares: 1/d × 10/d is what one share of 1/(d²/10) is.
 */
export function denseColumns({ equal }: Pick<WorkloadStatement, 'equal'>, tables: readonly TableScale[]): ColumnDistinct[] {
  return equal.flatMap(({ table, columns, guarded }) => {
    const scale = tables.find(({ schema, name }) => schema === table.schema && name === table.name)
    const distinct = (column: string) => (scale ? scaleOfColumn(scale, column)?.distinct : undefined) ?? 1
    const [telling, ...others] = columns.toSorted((a, b) => distinct(b) - distinct(a))
    const values = (column: string, count: number): ColumnDistinct => ({ schema: table.schema, table: table.name, column, values: count })
    const twice = telling !== undefined && telling === guarded ? [values(telling, Math.max(1, Math.sqrt(listed * distinct(telling))))] : []
    return [...twice, ...others.map((column) => values(column, 1))]
  })
}

/** Elements that the planner takes a list to have when it knows nothing of it. */
const listed = 10
