/** How many rows a table has and will have, and how their values are spread. */
export interface ScaleSpec {
  /** Rows today (or soon after launch). */
  rows: number
  growthPerDay: number
  /** Bytes of a row without headers, null = estimated from the types. */
  rowBytes: number | null
  distinct: Record<string, number>
  skew: Record<string, Record<string, number>>
  nulls: Record<string, number>
  correlation: Record<string, number>
  elements: Record<string, number>
  /** False when the spec said nothing and these are assumptions. */
  declared: boolean
}
