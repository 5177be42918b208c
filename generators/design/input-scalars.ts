/** Scalars of the spec that occur in several places. */
import { z } from 'zod'

/** A table, column, schema, role or type. */
export const name = z.string()

export const names = z.array(z.string()).min(1)

/** YAML reads `950` as a number and `40k` as text; both are counts. */
export const quantity = z.union([z.string(), z.number()])

/** SQL. `true` and `1` are expressions as well; what counts is the source text. */
export const sqlText = z.union([z.string(), z.number(), z.boolean()])
