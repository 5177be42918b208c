/** A column as a person writes it. */
import { z } from 'zod'
import { name, sqlText } from './input-scalars.ts'

const value = z.union([z.string(), z.number(), z.boolean(), z.null()])

const columnObject = z.strictObject({
  type: name,
  nullable: z.boolean().optional(),
  default: z.union([value, z.strictObject({ sql: sqlText })]).optional().describe('A value; an expression is { sql: now() }.'),
  references: name.optional().describe('schema.table or schema.table(column)'),
  on_delete: z.enum(['cascade', 'restrict', 'set null', 'no action']).optional(),
  because: z.string().optional(),
  check: sqlText.optional(),
  one_of: z.array(sqlText).min(1).optional(),
  unique: z.boolean().optional(),
  generated: sqlText.optional(),
  pii: z.enum(['direct', 'quasi', 'secret']).optional(),
  erase: z.enum(['delete', 'clear', 'hash', 'keep']).optional(),
  immutable: z.boolean().optional(),
  server_only: z.boolean().optional(),
  comment: z.string().optional(),
})

/** `title: text`, or the long form. */
export const columnInput = z.union([name, columnObject])

export type ColumnInput = z.infer<typeof columnObject>
