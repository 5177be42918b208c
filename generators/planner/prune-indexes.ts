/** Leaves out the indexes that the workload does not miss. */
import type { IndexPlan, Plan, RejectedIndex } from '../design/plan.ts'
import { coveringIndex, sameTable, tableIndexes } from './table-indexes.ts'
import type { StatementPlan, WhatIf } from './what-if.ts'
import type { WorkloadStatement } from './workload.ts'

/** An index stays when some plan costs a tenth more without it. */
export const missedFrom = 1.1

interface Loss {
  /** Cost without the index ÷ cost with it, of the statement that loses most; 1 when none reads it. */
  ratio: number
  statement: WorkloadStatement | null
  without: StatementPlan | null
}

/**
 * One index after the other, the least missed first; whatever is left is asked again. Indexes that a person declared and
 * those without which a foreign key or a policy would have none stay in any case. Queries name what serves them now.
 */
export async function pruneIndexes(plan: Plan, workload: readonly WorkloadStatement[], whatIf: WhatIf): Promise<Plan> {
  let kept = plan.indexes
  const rejected: RejectedIndex[] = []
  for (;;) {
    const dropped = rejected.map(({ index }) => index)
    const losses: { index: IndexPlan; loss: Loss }[] = []
    for (const index of kept.filter((one) => !isNeeded(one, { ...plan, indexes: kept }))) losses.push({ index, loss: await lossOf(index, dropped, workload, whatIf) })
    // Of two that are missed alike the later one goes: rules stand in the order of their weight.
    const least = losses.filter(({ loss }) => loss.ratio < missedFrom).toReversed().toSorted((a, b) => a.loss.ratio - b.loss.ratio)[0]
    if (!least) break
    kept = kept.filter((one) => one !== least.index)
    rejected.push({ index: least.index, because: reasonOf(least.loss) })
  }
  const plans = await whatIf(workload, { hidden: rejected.map(({ index }) => index), rows: 'expected' })
  const pruned = { ...plan, indexes: kept, rejected }
  return { ...pruned, queries: plan.queries.map((query) => ({ ...query, index: servingIndex(query.index, plans.get(`query ${query.query.name}`), pruned) })) }
}

async function lossOf(index: IndexPlan, dropped: readonly IndexPlan[], workload: readonly WorkloadStatement[], whatIf: WhatIf): Promise<Loss> {
  let worst: Loss = { ratio: 1, statement: null, without: null }
  const withIt = await whatIf(workload, { hidden: dropped, rows: 'expected' })
  // Under the policies first: who never reads it there does not miss it elsewhere.
  const readers = workload.filter(({ id }) => withIt.get(id)?.indexes.includes(index.name))
  for (const rows of ['expected', 'dense'] as const) {
    const [before, after] = [await whatIf(readers, { hidden: [...dropped, index], rows }), await whatIf(readers, { hidden: dropped, rows })]
    for (const statement of readers) {
      const [without, now] = [before.get(statement.id), after.get(statement.id)]
      const ratio = without && now ? without.cost / now.cost : 1
      if (ratio >= worst.ratio) worst = { ratio, statement, without: without ?? null }
    }
  }
  return worst
}

function reasonOf({ ratio, statement, without }: Loss): string {
  if (!statement) return 'no query, foreign key or policy reads it'
  const instead = without && without.indexes.length > 0 ? ` with ${without.indexes.join(', ')}` : ''
  return `without it the plan of ${statement.id} costs ${Math.round(100 * (ratio - 1))} % more${instead}`
}

/** Declared, or the only index over all rows that begins with the columns of its foreign key or its policies. */
function isNeeded(index: IndexPlan, plan: Plan): boolean {
  const planned = plan.tables.find(({ table }) => sameTable(table, index.table))
  const others = planned ? tableIndexes({ ...plan, indexes: plan.indexes.filter((one) => one !== index) }, planned).filter(({ where }) => where === null) : []
  const isCovered = (columns: string[]) => others.some((other) => coveringIndex({ columns }, [other]) !== undefined)
  return index.reasons.some(({ rule, subject }) => {
    if (rule === 'declared') return true
    if (rule === 'query' || index.where !== null) return false
    const columns = rule === 'foreign-key' ? (planned?.foreignKeys.find(({ name }) => name === subject)?.columns ?? []) : [subject]
    return !isCovered(columns)
  })
}

/** What was expected when it is still read, else the first index of the design that is. */
function servingIndex(expected: string | null, plan: StatementPlan | undefined, { tables, indexes }: Plan): string | null {
  if (!plan || (expected !== null && plan.indexes.includes(expected))) return expected
  const own = new Set([...indexes.map(({ name }) => name), ...tables.flatMap(({ primaryKey, uniques }) => [primaryKey.name, ...uniques.map(({ name }) => name)])])
  return plan.indexes.find((name) => own.has(name)) ?? (expected !== null && plan.indexes.length > 0 ? (plan.indexes[0] ?? null) : null)
}
