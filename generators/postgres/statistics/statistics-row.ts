/** A row of `pg_stats` in the form that plans at scale are fed with. */
import type { MeasuredColumn, StatisticSlot } from '../../design/measured.ts'

export interface StatisticsRow {
  schema: string
  /** A table or an index. */
  relation: string
  name: string
  nullShare: number
  width: number
  distinct: number
  correlation: number | null
  common: string[] | null
  shares: number[] | null
  bounds: string[] | null
  elements: string[] | null
  elementShares: number[] | null
  counts: number[] | null
}

export function columnOf({ name, nullShare, width, distinct, correlation, ...kept }: StatisticsRow): MeasuredColumn {
  const slots: StatisticSlot[] = []
  if (kept.common && kept.shares) slots.push({ kind: 'common', numbers: kept.shares, values: kept.common })
  if (kept.bounds) slots.push({ kind: 'bounds', numbers: null, values: kept.bounds })
  if (correlation !== null) slots.push({ kind: 'correlation', numbers: [correlation], values: null })
  if (kept.elements && kept.elementShares) slots.push({ kind: 'elements', numbers: kept.elementShares, values: kept.elements })
  if (kept.counts) slots.push({ kind: 'counts', numbers: kept.counts, values: null })
  return { name, nullShare, width, distinct, correlation, slots }
}
