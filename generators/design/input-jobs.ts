/** Background jobs as a person writes them: a role each, with what it may do. */
import { z } from 'zod'
import { name, sqlText } from './input-scalars.ts'

const rights = z.array(z.string()).min(1).describe('select, insert, update(column, …), delete; a list of columns narrows select and insert as well.')

const jobInput = z.strictObject({
  about: z.string().describe('One sentence: what the job does.'),
  tables: z.record(z.string(), z.union([rights, z.strictObject({ may: rights, where: sqlText.optional().describe('Rows that the job reaches, before and after it writes.') })])),
  grant_to: z.array(name).optional().describe('Roles that may become the job: authenticator for tokens with this role, the login of a worker.'),
})

export const jobsInput = z.record(z.string(), jobInput)

export type JobInput = z.infer<typeof jobInput>
export type JobTableInput = JobInput['tables'][string]
