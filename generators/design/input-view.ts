/** A view as a person writes it. */
import { z } from 'zod'
import { name, names, sqlText } from './input-scalars.ts'

export const viewInput = z.strictObject({
  about: z.string().describe('One sentence; becomes the comment of the view.'),
  table: name.optional().describe('The one table that it reads; with columns, and where if not all rows.'),
  columns: names.optional(),
  where: sqlText.optional(),
  sql: z.string().optional().describe('One select, in place of table, columns and where. Every column has a name.'),
  to: z
    .array(z.enum(['anon', 'authenticated', 'service_role']))
    .min(1)
    .optional()
    .describe('Who may select from it. Left out: every role that may select from all its tables.'),
})

export type ViewInput = z.infer<typeof viewInput>
