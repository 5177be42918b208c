/** The other extreme of independent conditions, which is what Postgres takes them for. */
import type { ComparedColumns } from '../workload.ts'
import { type TableScale, scaleOfColumn } from './table-scale.ts'

/** A column that is taken to have so many different values. */
export interface ColumnDistinct {
  schema: string
  table: string
  column: string
  values: number
}

/** The conditions hang together: a key finds as many rows as its most telling column alone, the others say nothing more. */
export function denseColumns(equal: readonly ComparedColumns[], tables: readonly TableScale[]): ColumnDistinct[] {
  return equal.flatMap(({ table, columns }) => {
    const scale = tables.find(({ schema, name }) => schema === table.schema && name === table.name)
    const distinct = (column: string) => (scale ? scaleOfColumn(scale, column)?.distinct : undefined) ?? 1
    const [, ...others] = columns.toSorted((a, b) => distinct(b) - distinct(a))
    return others.map((column) => ({ schema: table.schema, table: table.name, column, values: 1 }))
  })
}
