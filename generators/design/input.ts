/** What a person writes. Structure only: names, quantities and SQL are still text here, and mean nothing yet. */
import { z } from 'zod'
import { accessInput, verbValue } from './input-access.ts'
import { columnInput } from './input-column.ts'
import { jobsInput } from './input-jobs.ts'
import { name, names, quantity, sqlText } from './input-scalars.ts'
import { viewInput } from './input-view.ts'

const because = z.string().describe('The reason, for the reviewers.')
const onDelete = z.enum(['cascade', 'restrict', 'set null', 'no action'])
const perColumn = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value)

const uniqueInput = z.union([
  names,
  z.strictObject({ columns: names, where: sqlText.optional(), nulls_not_distinct: z.boolean().optional(), global: z.boolean().optional() }),
])

const foreignKeyInput = z.strictObject({
  columns: names,
  references: name.describe('schema.table or schema.table(column, …)'),
  on_delete: onDelete,
  because: because.optional(),
  deferrable: z.boolean().optional(),
})

const indexInput = z.strictObject({
  columns: names,
  using: z.enum(['btree', 'gin', 'gist', 'brin', 'hash']).optional(),
  where: sqlText.optional(),
  include: names.optional(),
})

const scaleInput = z.strictObject({
  rows: quantity.optional().describe('Rows today: 950, 40k, 1.5M, 2B'),
  growth: quantity.optional().describe('300k/month'),
  row_bytes: z.number().optional().describe('Mean bytes of all values of a row, as the sum of avg_width in pg_stats.'),
  distinct: perColumn(quantity).optional().describe('Different values; of an array or tsvector, different elements.'),
  skew: perColumn(perColumn(z.number())).optional().describe('Share of the rows by value; of an array or tsvector, of the rows that hold the element.'),
  nulls: perColumn(z.number()).optional().describe('Share of the rows without a value.'),
  correlation: perColumn(z.number()).optional().describe('Between the order of the values and the order of the rows: -1 to 1.'),
  elements: perColumn(z.number()).optional().describe('Elements of a mean value of an array, jsonb or tsvector.'),
  widths: perColumn(z.number()).optional().describe('Mean bytes of a value.'),
  ranges: perColumn(z.array(z.union([z.number(), z.string()])).length(2)).optional().describe('Lowest and highest value of a number, date or time.'),
})

const writesInput = z.strictObject({
  insert: quantity.optional(),
  update: z.array(z.strictObject({ columns: names, rate: quantity })).optional(),
  delete: quantity.optional(),
})

const retentionInput = z.strictObject({
  keep: quantity,
  by: name,
  // oxlint-disable-next-line unicorn/no-thenable -- the key of the spec
  then: z.enum(['delete', 'anonymise', 'archive', 'drop_partition']),
  hold: name.optional(),
})

const tableInput = z.strictObject({
  about: z.string().describe('One sentence; becomes the comment of the table.'),
  columns: z.record(z.string(), columnInput),
  id: z.enum(['uuid', 'bigint', 'none']).optional(),
  primary_key: names.optional(),
  unique: z.array(uniqueInput).optional(),
  foreign_keys: z.array(foreignKeyInput).optional(),
  checks: z.array(z.union([sqlText, z.strictObject({ name: name.optional(), sql: sqlText })])).optional(),
  indexes: z.array(indexInput).optional(),
  timestamps: z.boolean().optional(),
  audit: z.enum(['none', 'columns', 'trail']).optional(),
  soft_delete: z.union([z.boolean(), z.enum(['rpc', 'on_delete'])]).optional(),
  tenancy: z.union([z.enum(['none']), z.strictObject({ via: name, store: z.boolean().optional() })]).optional(),
  access: accessInput,
  realtime: z.boolean().optional().describe('Streamed to subscribers: the table joins the publication supabase_realtime.'),
  scale: scaleInput.optional(),
  writes: writesInput.optional(),
  partition: z.unknown().optional(),
  retention: retentionInput.optional(),
})

const tenancyInput = z.strictObject({
  model: z.enum(['none', 'tenant_column', 'organization']),
  column: name.optional(),
  type: name.optional(),
  claim: z.string().optional(),
  organizations: name.optional(),
  memberships: z
    .strictObject({ table: name.optional(), user: name.optional(), organization: name.optional(), role: name.optional(), where: sqlText.optional() })
    .optional(),
  roles: z.array(z.string()).optional().describe('Weakest first.'),
  floor: z.boolean().optional().describe('A restrictive policy on every tenant-scoped table: whatever other policies say, rows stay within the tenant.'),
  create: z.boolean().optional().describe('Organisations and memberships are tables of this design.'),
  functions: z
    .union([z.boolean(), z.array(z.enum(['create', 'invite', 'set_role', 'remove', 'leave', 'transfer', 'delete']))])
    .optional()
    .describe('What members do themselves, each by a function that clients call; with create: true all of it unless said otherwise. invite stands for inviting, accepting and revoking. false: the service writes memberships.'),
  managers: z.string().optional().describe('Weakest role that invites, removes and gives roles; the third role, or the strongest of fewer.'),
  invitations: z
    .strictObject({ table: name.optional(), expires: quantity.optional().describe('How long an invitation is good: 7 days') })
    .optional(),
})

const queryInput = z.strictObject({
  table: name.optional(),
  where: z.array(sqlText).optional(),
  order_by: z.string().optional(),
  select: names.optional(),
  page: z.string().optional().describe('none, keyset 20 or offset 20 deepest 10k'),
  sql: z.string().optional(),
  params: z.array(z.string()).optional(),
  rate: quantity.optional(),
  as: name.optional(),
  through: z.enum(['table', 'function']).optional().describe('function: clients call a function that repeats the rule of SELECT and runs with the rights of its owner, so that ilike, @@, @> and && can use an index.'),
})

const fileInput = z.strictObject({
  table: name,
  store: z.enum(['s3', 'supabase']).optional().describe('supabase: the bucket and its policies are part of the design.'),
  bucket: z.string(),
  access: z.union([verbValue, z.strictObject({ select: verbValue.optional(), insert: verbValue.optional(), update: verbValue.optional(), delete: verbValue.optional() })]),
  public: z.boolean().optional().describe('Whoever knows the key of an object gets it, whatever the policies say.'),
  because: because.optional(),
  many: z.boolean().optional(),
  max_bytes: quantity.optional(),
  content_types: z.array(z.string()).optional(),
  pending_expires: quantity.optional(),
  after_delete: quantity.optional(),
  versioned: z.boolean().optional(),
})

export const specInput = z.strictObject({
  design: z.string().describe('Names the files: a-z, 0-9 and _.'),
  story: z.union([z.string(), z.array(z.string())]),
  schema: name.optional(),
  tenancy: tenancyInput.optional(),
  tables: z.record(z.string(), tableInput).optional(),
  existing: z.record(z.string(), z.strictObject({ scale: scaleInput })).optional().describe('Sizes of tables that are there already.'),
  changes: z.unknown().optional(),
  views: z.record(z.string(), viewInput).optional(),
  queries: z.record(z.string(), queryInput).optional(),
  jobs: jobsInput.optional(),
  privacy: z.strictObject({ subject: name.optional(), erase_within: quantity }).optional(),
  files: z.record(z.string(), fileInput).optional(),
  decisions: z.array(z.strictObject({ choice: z.string(), instead_of: z.string(), because })).optional(),
  samples: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).optional(),
  approved: z.array(z.strictObject({ step: z.string(), by: z.string(), because })).optional(),
  horizon: quantity.optional(),
})

export type SpecInput = z.infer<typeof specInput>
export type TableInput = z.infer<typeof tableInput>
export type ScaleInput = z.infer<typeof scaleInput>
export type TenancyInput = z.infer<typeof tenancyInput>
export type QueryInput = z.infer<typeof queryInput>
export type FileInput = z.infer<typeof fileInput>

/** JSON Schema of a spec, for editors. */
export function specJsonSchema(): object {
  return { ...z.toJSONSchema(specInput), title: 'A design spec of trr-db' }
}
