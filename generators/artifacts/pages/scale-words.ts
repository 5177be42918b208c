/** Costs as people say them, for pages and the terminal alike. */
import type { CostChange, PlanCosts } from '../../design/evidence.ts'
import type { InsertCost } from '../../design/insert-figures.ts'
import type { IndexPlan, Plan, TablePlan } from '../../design/plan.ts'
import { insertCost, shippedFigures } from '../../planner/insert-cost.ts'
import { declaredShares, predicateShare } from '../../planner/predicate-share.ts'
import { measuredError } from '../../planner/scale/measured-error.ts'
import { findPlanned } from '../../planner/scale/design-scale.ts'
import { planSettings } from '../../planner/plan-settings.ts'
import type { TableIndex } from '../../planner/table-indexes.ts'
import { count } from './quantity.ts'

/** From here on a difference is worth words. */
const worthSaying = 1.1

/** `cost 118k → 19.5, 6.1k times less`. */
export function costChange({ dense, ...costs }: PlanCosts): string {
  const cost = expectedCost(costs)
  if (timesLess(cost) >= worthSaying) return `cost ${arrow(cost)}, ${count(timesLess(cost))} times less`
  if (timesLess(dense) >= worthSaying) return `cost ${count(cost.after)}; where its conditions hang together ${arrow(dense)}, ${count(timesLess(dense))} times less`
  return `cost ${count(cost.after)}, with or without the indexes of the design`
}

/** What is repeated counts once; otherwise as Postgres says. */
export function expectedCost({ cost, once }: Pick<PlanCosts, 'cost' | 'once'>): CostChange {
  return once ?? cost
}

export function timesLess({ before, after }: CostChange): number {
  return before / Math.max(after, 0.01)
}

export function arrow({ before, after }: CostChange): string {
  return `${count(before)} → ${count(after)}`
}

/** `an insert pays 9 µs and 288 bytes of WAL more`. */
export function indexInsertCost(index: IndexPlan, plan: Plan): string {
  const { microseconds, walBytes } = indexInsert(index, plan)
  return `an insert pays some ${count(microseconds)} µs and ${count(walBytes)} bytes of WAL for it`
}

export function indexInsert(index: IndexPlan, plan: Plan): InsertCost {
  const table = findPlanned(plan, index.table)?.table
  const types = [...index.keys.map(({ column }) => column), ...index.include].map((name) => table?.columns.find((column) => column.name === name)?.type ?? 'text')
  const share = table ? predicateShare(index.where, declaredShares(table)).share : 1
  return insertCost(index, types, share, plan.figures)
}

/** Of a primary or unique key; a partial one has an entry for its share of the rows. */
export function keyInsert({ columns, where }: Pick<TableIndex, 'columns' | 'where'>, { columns: all, table }: TablePlan, { figures }: Plan): InsertCost {
  const keys = columns.map((column) => ({ column, direction: 'asc' as const, nulls: null, operatorClass: null }))
  return insertCost({ method: 'btree', keys, include: [] }, columns.map((name) => all.find((column) => column.name === name)?.type ?? 'text'), predicateShare(where, declaredShares(table)).share, figures)
}

/** Whose the figures of an insert are. */
export function figuresSentence({ figures = shippedFigures }: Pick<Plan, 'figures'>): string {
  const whose = figures === shippedFigures ? figures.from : `of ${figures.from}`
  return `Inserts are priced with the figures ${whose}: processor time and WAL of an entry, in a model of one figure for each kind of index. ${figures === shippedFigures ? '`trr-db plan --calibrate` measures them on your machine.' : ''}`.trim()
}

/** `without it latest_for_show costs 12.9k times as much; nearest: core.t (a), with which …`. */
export function worthWords({ worth }: IndexPlan, mark: (text: string) => string): string {
  if (!worth) return ''
  const { without, nearest } = worth
  const change = nearest ? nearest.ratio - 1 : 0
  const instead = change >= 0.0005 ? `at most ${change >= 0.0995 ? count(100 * change) : (100 * change).toFixed(1)} % more` : change > -0.0005 ? 'the same' : `${(-100 * change).toFixed(1)} % less, with more in the index`
  return [
    without ? `without it ${without.statement} costs ${without.ratio >= 1.1 ? `${count(without.ratio)} times as much` : `${(100 * (without.ratio - 1)).toFixed(1)} % more`}` : 'no statement costs more without it; a key or a policy needs one',
    nearest ? `nearest: ${mark(nearest.index)}, all together ${instead}` : 'nothing else would do in its place',
  ].join('; ')
}

/** Under which settings plans are made. */
export function settingsSentence(): string {
  const { random_page_cost: page, effective_cache_size: cache, work_mem: memory } = planSettings
  return `Planned with random_page_cost ${page}, effective_cache_size ${cache}, work_mem ${memory}, without parallel workers and JIT; all else as Postgres ships it. A unit of cost is what a page read in order costs.`
}

/** How far the figures are from those of loaded tables. */
export function measuredSentence(): string {
  const { designs, rows, majors, shapes, cost, size } = measuredError
  return `Costs and sizes are a model's figures. Measured against ${designs} designs loaded with up to ${rows} rows in a table, on Postgres ${majors.join(' and ')}, ${shapes.equal} of ${shapes.plans} plans had the same shape; half of the costs were within ${percent(cost.median)} and nine of ten within ${percent(cost.mostly)}, half of the sizes within ${percent(size.median)} and nine of ten within ${percent(size.mostly)}, GIN being the furthest.`
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
