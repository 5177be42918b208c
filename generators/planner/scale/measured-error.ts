/**
 * How far the model is from loaded databases, as shares of the real figure. `npm run bench:agreement` measures it again, and
 * fails where what stands here is no longer so: seven designs of 50 000 to 3 million rows (star, tenants under row level
 * security, documents with GIN, time series with BRIN, many to many, text and numeric keys, partitions), declared as somebody
 * would who looks at the data; generic plans. The test of the suite holds the median on a design of its own.
 */
export const measuredError = {
  designs: 7,
  rows: '3 million',
  majors: [17, 18],
  /** Plans with the same nodes over the same indexes. */
  shapes: { equal: 181, plans: 181 },
  /** Of a plan's cost. The furthest are conditions on keys of jsonb and on parts of texts, of which the spec says nothing. */
  cost: { median: 0.01, mostly: 0.1 },
  /** Of a file's size. The furthest are GIN over jsonb and trigrams. */
  size: { median: 0.02, mostly: 0.2 },
} as const
