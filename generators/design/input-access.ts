/** Access as a person writes it. */
import { z } from 'zod'
import { name, sqlText } from './input-scalars.ts'

const oneOf = {
  role: z.string().optional().describe('For a role whose name means something else here, such as owner.'),
  parent: z.enum(['select', 'insert', 'update', 'delete', 'owner']).optional().describe('Whoever may do this to the row that via references, or owns it.'),
  shared: z.string().optional().describe('Whoever the row is shared with at this level or a stronger one.'),
}
const side = z.union([z.string(), z.strictObject(oneOf)]).optional()

/** `editor`, `owner`, `{ role: owner }`, `{ parent: update }`, `{ shared: editor }`, `{ own: editor, any: admin }`. */
export const verbValue = z.union([z.string(), z.strictObject({ own: side, any: side, ...oneOf })])

const sharesInput = z.strictObject({
  table: name.optional().describe('A table of this design; generated when it is not declared.'),
  row: name.optional(),
  user: name.optional(),
  level: name.optional(),
  levels: z.array(z.string()).optional().describe('Weakest first.'),
})

const accessObject = z.strictObject({
  pattern: z.enum(['public_read', 'owner', 'org_member', 'org_roles', 'tenant', 'service_only', 'parent', 'shared_with']),
  select: verbValue.optional(),
  insert: verbValue.optional(),
  update: verbValue.optional(),
  delete: verbValue.optional(),
  where: z.union([sqlText, z.strictObject({ own: sqlText.optional(), any: sqlText.optional() })]).optional(),
  immutable: z.array(name).optional(),
  server_only: z.array(name).optional(),
  anonymous: z.boolean().optional(),
  mfa: z
    .union([z.boolean(), z.array(z.enum(['select', 'insert', 'update', 'delete'])).min(1)])
    .optional()
    .describe('A second factor (aal2) for every verb that a client has, or for those of the list.'),
  floor: z.literal(false).optional().describe('false: the floor of the tenancy does not stand under this table.'),
  because: z.string().optional(),
  via: name.optional().describe('The foreign key column whose row decides.'),
  shares: sharesInput.optional(),
})

/** The name of a pattern, or the long form. */
export const accessInput = z.union([z.string(), accessObject])

export type SideValue = NonNullable<z.infer<typeof side>>
export type VerbValue = z.infer<typeof verbValue>
export type SharesInput = z.infer<typeof sharesInput>
export type AccessInput = z.infer<typeof accessObject>
