/** Rows of `pg_statistic` as ANALYZE would have written them. */
import type { MeasuredColumn, StatisticSlot } from '../../design/measured.ts'
import { sampledDistinct } from '../../planner/scale/sampled-distinct.ts'
import { valueAt } from '../../planner/scale/spread.ts'
import type { ColumnScale } from '../../planner/scale/table-scale.ts'

export interface ColumnStatistics {
  nullfrac: number
  width: number
  /** As `stadistinct`: negative is a share of the rows. */
  distinct: number
  slots: StatisticSlot[]
}

const bounds = 101

export function columnStatistics(column: ColumnScale, rows: number): ColumnStatistics {
  if (column.measured) return measuredStatistics(column.measured)
  const distinct = sampledDistinct(column, rows)
  const left = Math.round(column.distinct) - column.mostCommon.length
  const held = column.mostCommon.reduce((sum, { share }) => sum + share, 0) + column.nullShare
  const histogram = column.spread !== null && left >= 2 && held < 0.999 ? Math.min(bounds, left) : 0
  return {
    nullfrac: column.nullShare,
    width: Math.max(1, Math.round(column.width)),
    // What is nearly one for each row grows with the table, as ANALYZE has it.
    distinct: distinct > rows / 10 ? -Math.min(1, distinct / rows) : Math.round(distinct),
    slots: [
      ...(column.mostCommon.length > 0 ? [slot('common', column.mostCommon.map(({ share }) => share), column.mostCommon.map(({ value }) => value))] : []),
      ...(histogram > 0 ? [slot('bounds', null, boundsOf(column, histogram))] : []),
      ...(column.correlation === null ? [] : [slot('correlation', [column.correlation], null)]),
      ...elementsOf(column),
    ],
  }
}

/** As they were read. */
export function measuredStatistics({ nullShare, width, distinct, slots }: MeasuredColumn): ColumnStatistics {
  return { nullfrac: nullShare, width, distinct, slots }
}

function boundsOf({ spread }: ColumnScale, count: number): string[] {
  return spread === null ? [] : Array.from({ length: count }, (_bound, place) => valueAt(spread, place / (count - 1)))
}

/** ANALYZE keeps ten elements for each of its 100 values. */
const keptElements = 1000

/**
 * The named ones, then the lowest and the highest share, for arrays also that of null elements. The planner takes an
 * element that is not in the list for half as frequent as the lowest: which it is not where ANALYZE would have kept it.
 */
function elementsOf({ heldElements, type }: ColumnScale): StatisticSlot[] {
  if (!heldElements) return []
  const { common, others, share } = heldElements
  const lowest = Math.min(1, others > keptElements ? share : 2 * share)
  const shares = common.map((element) => element.share)
  return [slot('elements', [...shares, lowest, Math.max(lowest, ...shares), ...(type === 'tsvector' ? [] : [0])], common.map(({ value }) => value))]
}

function slot(kind: StatisticSlot['kind'], numbers: number[] | null, values: string[] | null): StatisticSlot {
  return { kind, numbers, values }
}

/** The text of a Postgres array. */
export function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`
}
