/** Postgres multiplies the shares of all conditions as if none said anything of another: what has to be multiplied so that it comes out right. */
import type { ComparedColumns } from '../workload.ts'
import { type TableScale, scaleOfColumn } from './table-scale.ts'

/** A column that is taken to have so many different values. */
export interface ColumnDistinct {
  schema: string
  table: string
  column: string
  values: number
}

/**
 * `once`: columns are independent of each other, and what the query and the policies both compare counts once.
 * `hottest`: the same for the commonest value. `dense`: the conditions hang together as well, so that a key finds as many
 * rows as its most telling column alone.
 */
export type Dependence = 'once' | 'hottest' | 'dense'

/** Only columns of which the planner would think otherwise. */
export function dependence(equal: readonly ComparedColumns[], tables: readonly TableScale[], kind: Dependence): ColumnDistinct[] {
  return equal.flatMap(({ table, columns, guards }) => {
    const scale = tables.find(({ schema, name }) => schema === table.schema && name === table.name)
    if (!scale) return []
    const distinctOf = (column: string) => scaleOfColumn(scale, column)?.distinct ?? 1
    const [telling, ...others] = kind === 'dense' ? columns.toSorted((a, b) => distinctOf(b) - distinctOf(a)) : []
    const implied = new Set(others.filter((column) => column !== telling))
    const guarded = [...new Set(guards.map(({ column }) => column))].filter((column) => !implied.has(column))
    const values = [...guarded.map((column) => ({ column, values: valuesOf(column) })), ...[...implied].map((column) => ({ column, values: 1 }))]
    return values.flatMap(({ column, values: count }) => (count === null ? [] : [{ schema: table.schema, table: table.name, column, values: Math.max(1, count) }]))

    /** As many as make the product of all shares that of one comparison; null where there is only one. */
    function valuesOf(column: string): number | null {
      const lists = guards.filter((guard) => guard.column === column).map(({ elements }) => elements)
      const isCompared = columns.includes(column)
      if (lists.length + (isCompared ? 1 : 0) < 2) return null
      const one = kind === 'hottest' ? (scaleOfColumn(scale as TableScale, column)?.mostCommon[0]?.share ?? 1 / distinctOf(column)) : 1 / distinctOf(column)
      return valuesThatGive(isCompared ? one : Math.min(1, Math.min(...lists) / distinctOf(column)), isCompared ? [1, ...lists] : lists)
    }
  })
}

/** A list of at least as many elements as there are values leaves every row, and is no factor. */
function valuesThatGive(share: number, factors: readonly number[]): number {
  if (factors.length === 0) return 1
  const values = (factors.reduce((product, elements) => product * elements, 1) / share) ** (1 / factors.length)
  const felt = factors.filter((elements) => elements < values)
  return felt.length === factors.length ? values : valuesThatGive(share, felt)
}
