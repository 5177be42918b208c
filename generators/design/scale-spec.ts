/** How large a table is and becomes, and how its values are spread, as the spec says it. */

export interface ScaleSpec {
  /** Rows today (or soon after launch). */
  rows: number
  growthPerDay: number
  /** Mean bytes of all values of a row, null = estimated from the types. Header and padding come on top. */
  rowBytes: number | null
  /** Of an array or tsvector: different elements. */
  distinct: Record<string, number>
  /** Of an array or tsvector: share of the rows that hold the element. */
  skew: Record<string, Record<string, number>>
  nulls: Record<string, number>
  correlation: Record<string, number>
  elements: Record<string, number>
  /** Mean bytes of a value that is there. */
  widths: Record<string, number>
  /** Lowest and highest value: numbers, or milliseconds since 1970. */
  ranges: Record<string, { low: number; high: number }>
  /** False when the spec said nothing and these are assumptions. */
  declared: boolean
}
