import type { IndexPlan, Plan, TablePlan } from '../../design/plan.ts'
import { qualified } from '../../sql/identifier.ts'
import { indexesInTheWay } from '../hot-updates.ts'
import { insertCost, shippedFigures } from '../insert-cost.ts'
import { declaredShares, predicateShare } from '../predicate-share.ts'
import { designScale } from '../scale/design-scale.ts'
import { heapBytes } from '../size-model.ts'
import { nameOf, tableIndexes } from '../table-indexes.ts'
import { functionOwner } from '../workload.ts'
import type { Asked, TableAdviceRule } from './proposal.ts'

/** Updates of a row, from its first day to its last or to the horizon. */
const [often, veryOften] = [1, 10]

/** A new version of a row that finds room beside the old one needs no entry in any index. Reads pay for the room. */
export const fillfactor: TableAdviceRule = {
  id: 'fillfactor',
  propose: ({ table: planned, plan, catalog }) => {
    const { table } = planned
    const [scale] = designScale(plan, catalog, [table], 'horizon').tables
    const days = Math.min(plan.spec.horizon.days, table.retention?.keep.days ?? Infinity)
    const perRow = (perSecond: number) => (scale ? (perSecond * 86_400 * days) / scale.rows : 0)
    const inPlace = table.writes.updates.filter(({ columns }) => indexesInTheWay(planned, plan, columns).length === 0)
    const updates = inPlace.reduce((sum, { perSecond }) => sum + perRow(perSecond), 0)
    if (!scale || !table.scale.declared || updates < often) return []
    const share = updates < veryOften ? 90 : 80
    const megabytes = (filled: number) => Math.round(heapBytes(scale, filled) / 2 ** 20)
    const read: Asked = { sql: `select * from ${qualified(table)}`, types: [], as: functionOwner, of: null, once: null }
    const { entries, microseconds, walBytes } = entriesOf(planned, plan)
    return [
      {
        query: { name: nameOf(table), table }, index: null, runs: 1, factor: leastFactor, changed: null, before: read, after: read,
        says: `Updates of ${inPlace.map(({ columns }) => columns.join(', ')).join(' and of ')} come to ${Math.round(updates)} for each row in ${Math.round(days)} days, and no index holds what they change. With ${100 - share} % of each page left empty, the new version of a row finds room beside the old one (HOT), and none of the ${entries} indexes gets an entry: by the figures ${(plan.figures ?? shippedFigures).from}, up to ${Math.round(microseconds)} µs and ${walBytes} bytes of WAL less for each update, a model's figure. Reads do not become cheaper: the heap has ${megabytes(share)} MB after ${plan.spec.horizon.text} instead of ${megabytes(100)} MB, and reading all of it is dearer.`,
        remedy: 'Set it in a migration of your own; rows that are there already move when they are next written',
        ddl: [`alter table ${qualified(table)} set (fillfactor = ${share})`],
      },
    ]
  },
}

/** A read of all rows is a quarter dearer, and rows that no longer fit in pairs are no advice. */
const leastFactor = 0.75

/** A partial index has an entry for its share of the rows. */
function entriesOf(planned: TablePlan, plan: Plan): { entries: number; microseconds: number; walBytes: number } {
  const costs = tableIndexes(plan, planned).map(({ method, columns, include, operatorClasses, where }) => {
    const keys = columns.map((column, place) => ({ column, direction: 'asc' as const, nulls: null, operatorClass: operatorClasses[place] ?? null }))
    return insertCost({ method: method as IndexPlan['method'], keys, include }, [...columns, ...include].map((name) => planned.columns.find((column) => column.name === name)?.type ?? 'text'), predicateShare(where, declaredShares(planned.table)).share, plan.figures)
  })
  return { entries: costs.length, microseconds: costs.reduce((sum, cost) => sum + cost.microseconds, 0), walBytes: costs.reduce((sum, cost) => sum + cost.walBytes, 0) }
}
