/** Access as a person writes it. */
import { z } from 'zod'
import { name, sqlText } from './input-scalars.ts'

/** `editor`, `owner`, `{ role: owner }`, `{ own: editor, any: admin }`. */
export const verbValue = z.union([
  z.string(),
  z.strictObject({
    own: z.union([z.string(), z.strictObject({ role: z.string() })]).optional(),
    any: z.union([z.string(), z.strictObject({ role: z.string() })]).optional(),
    role: z.string().optional().describe('For a role whose name means something else here, such as owner.'),
  }),
])

const accessObject = z.strictObject({
  pattern: z.enum(['public_read', 'owner', 'org_member', 'org_roles', 'tenant', 'service_only', 'parent']),
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
  via: name.optional(),
})

/** The name of a pattern, or the long form. */
export const accessInput = z.union([z.string(), accessObject])

export type VerbValue = z.infer<typeof verbValue>
export type AccessInput = z.infer<typeof accessObject>
