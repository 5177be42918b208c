/** What queries touched on a sample of rows. Of a run; committed nowhere. */

export interface MeasuredQueries {
  /** Of all keys, so many were loaded, each with all its rows. */
  share: number
  /** By `schema.table`. */
  rows: Record<string, number>
  /** What is not as declared, and why. */
  notes: string[]
  queries: MeasuredQuery[]
}

export interface MeasuredQuery {
  name: string
  /** Why it was not run. */
  open?: string
  rows?: number
  after?: MeasuredBuffers
  /** Null where the design adds no index. */
  before?: MeasuredBuffers | null
}

export interface MeasuredBuffers {
  /** Pages of 8 kB. */
  buffers: number
  indexes: string[]
  /** With whole tables as large as declared: extrapolated. Null where nothing is read from end to end. */
  atScale: number | null
}
