/** Sizes and statistics of tables as they were read from a database of the user. Plain data; values of rows are among them. */

export interface MeasuredTable {
  schema: string
  name: string
  rows: number
  pages: number
  /** Pages whose rows everybody sees. */
  visiblePages: number
  columns: MeasuredColumn[]
  indexes: MeasuredIndex[]
}

export interface MeasuredIndex {
  name: string
  rows: number
  pages: number
  /** Statistics of its expressions, by the place of the key from 1. */
  expressions: (MeasuredColumn & { place: number })[]
}

/** As `pg_stats` shows them. */
export interface MeasuredColumn {
  name: string
  nullShare: number
  width: number
  /** `n_distinct`: negative is a share of the rows. */
  distinct: number
  correlation: number | null
  slots: StatisticSlot[]
}

/** What `pg_statistic` keeps of a column, by its kind there. */
export interface StatisticSlot {
  kind: 'common' | 'bounds' | 'correlation' | 'elements' | 'counts'
  numbers: number[] | null
  values: string[] | null
}
