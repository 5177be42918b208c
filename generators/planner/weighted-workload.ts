/** The workload of a design with how often each statement runs, and the further ways in which a query is planned. */
import type { Catalog } from '../design/catalog.ts'
import type { Plan, TablePlan } from '../design/plan.ts'
import { type ColumnDistinct, denseColumns } from './scale/dense-columns.ts'
import { parameterValues } from './scale/parameter-values.ts'
import type { TableScale } from './scale/table-scale.ts'
import type { TableWrites } from './selection/write-model.ts'
import { type WorkloadStatement, queryStatement } from './workload.ts'

/** Somebody waits for a query: it counts as if it ran once a minute, however seldom it does. */
const atLeast = 1 / 60

/** How much of a query's rate each way of planning it stands for. */
const shares = { dense: 0.2, typical: 0.2, hottest: 0.1 } as const

export interface WorkloadVariant {
  of: string
  id: string
  statement: WorkloadStatement
  perSecond: number
  values: string[] | null
  distinct: ColumnDistinct[]
}

/** Parents are deleted, and everything that a caller may see is read, now and then: both need an index, and the smallest will do. */
const nowAndThen = 1e-5

/** Per second, of a statement as it is planned in general. Policies look memberships and shares up in every request of a client. */
export function rateOf(statement: WorkloadStatement, plan: Plan): number {
  if (/^(memberships|shares) in /.test(statement.id)) return Math.max(atLeast, plan.queries.reduce((sum, { query }) => sum + (query.as === 'service_role' ? 0 : (query.perSecond ?? 1)), 0))
  if (statement.kind !== 'query') return nowAndThen
  return Math.max(atLeast, plan.queries.find(({ query }) => query.name === statement.subject)?.query.perSecond ?? 1)
}

export function variantsOf(plan: Plan, catalog: Catalog, scales: readonly TableScale[]): WorkloadVariant[] {
  return plan.queries.flatMap((query) => {
    const statement = queryStatement(query, plan, catalog)
    const rate = rateOf(statement, plan)
    const make = (kind: keyof typeof shares, values: string[] | null = null): WorkloadVariant => ({ of: statement.id, id: `${statement.id}, ${kind}`, statement, perSecond: rate * shares[kind], values, distinct: kind === 'dense' ? denseColumns(statement.equal, scales) : [] })
    const valued = (['typical', 'hottest'] as const).flatMap((kind) => {
      const values = parameterValues(query, scales, kind)
      return values && values.length > 0 ? [make(kind, values)] : []
    })
    const hangsTogether = statement.equal.some(({ columns }) => columns.length > 1)
    return [...(hangsTogether ? [make('dense')] : []), ...valued]
  })
}

export function writesOfDesign({ tables }: Plan): TableWrites[] {
  return tables.map((planned) => ({
    schema: planned.table.schema, name: planned.table.name, insertsPerSecond: planned.table.writes.insertsPerSecond, deletesPerSecond: planned.table.writes.deletesPerSecond,
    updates: planned.table.writes.updates.map(({ columns, perSecond }) => ({ columns: [...columns, ...keptByTrigger(planned)], perSecond })),
  }))
}

/** Columns that an update changes whatever it names. */
function keptByTrigger({ columns }: TablePlan): string[] {
  return columns.filter(({ name, origin }) => (origin === 'timestamp' || origin === 'audit') && name.startsWith('updated')).map(({ name }) => name)
}
