/** Rows of `pg_statistic` as ANALYZE would have written them. */
import { valueAt } from '../../planner/scale/spread.ts'
import type { ColumnScale } from '../../planner/scale/table-scale.ts'

/** One column: slots of kind 1 (common values), 2 (bounds of a histogram) and 3 (correlation). */
export interface ColumnStatistics {
  nullfrac: number
  width: number
  /** As `stadistinct`: negative is a share of the rows. */
  distinct: number
  /** As the text of an array; null where there are none. */
  common: string | null
  shares: number[]
  bounds: string | null
  correlation: number | null
}

const bounds = 101

export function columnStatistics(column: ColumnScale, rows: number): ColumnStatistics {
  const left = Math.round(column.distinct) - column.mostCommon.length
  const held = column.mostCommon.reduce((sum, { share }) => sum + share, 0) + column.nullShare
  const histogram = column.spread !== null && left >= 2 && held < 0.999 ? Math.min(bounds, left) : 0
  return {
    nullfrac: column.nullShare,
    width: Math.max(1, Math.round(column.width)),
    // What is nearly one for each row grows with the table, as ANALYZE has it.
    distinct: column.distinct > rows / 10 ? -Math.min(1, column.distinct / rows) : Math.round(column.distinct),
    common: column.mostCommon.length > 0 ? arrayText(column.mostCommon.map(({ value }) => value)) : null,
    shares: column.mostCommon.map(({ share }) => share),
    bounds: histogram > 0 ? arrayText(boundsOf(column, histogram)) : null,
    correlation: column.correlation,
  }
}

function boundsOf({ spread }: ColumnScale, count: number): string[] {
  return spread === null ? [] : Array.from({ length: count }, (_bound, place) => valueAt(spread, place / (count - 1)))
}

/** The text of a Postgres array. */
export function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`
}
