import type { FileInput } from '../design/input.ts'
import { parseSize } from '../design/quantities.ts'
import { confirm, input, select } from './question.ts'
import type { Section } from './question.ts'

/** 7: objects in S3 that belong to rows. */
export const files: Section = {
  id: 'files',
  title: 'Files in S3',
  keys: ['files'],
  *ask(draft) {
    const names = Object.keys(draft.tables ?? {})
    if (!(yield* confirm({ id: 'files', message: 'Does a row carry a file that lies in S3?', default: false }))) {
      const { files: _files, ...rest } = draft
      return rest
    }
    const table = yield* select({ id: 'files.table', message: 'Of which table?', choices: names.map((name) => ({ value: name, name })), default: names[0] ?? '' })
    const name = yield* input({ id: 'files.name', message: 'What is the file called?', default: 'file', validate: (text) => (/^[a-z][a-z0-9_]*$/.test(text) ? null : 'Small letters, digits and _.') })
    const many = yield* confirm({ id: 'files.many', message: 'Can one row have several?', default: false })
    const bucket = yield* input({ id: 'files.bucket', message: 'Bucket:', default: 'media', validate: (text) => (/^[a-z0-9][a-z0-9.-]{2,62}$/.test(text) ? null : 'As S3 names buckets: small letters, digits, - and .') })
    const types = yield* input({ id: 'files.content_types', message: 'Content types:', default: 'image/jpeg image/png image/webp' })
    const size = yield* input({ id: 'files.max_bytes', message: 'Largest size:', default: '20MB', validate: (text) => (parseSize(text) === null ? 'Such as 200MB.' : null) })
    const file: FileInput = {
      table,
      bucket,
      access: audienceOf(draft.tables?.[table]?.access),
      max_bytes: size,
      content_types: types.split(/[\s,]+/).filter(Boolean),
      pending_expires: '1 day',
      after_delete: '30 days',
      ...(many ? { many } : {}),
    }
    return { ...draft, files: { [name]: file } }
  },
}

/** The file is read by those who read the row. */
function audienceOf(access: unknown): string {
  const pattern = typeof access === 'string' ? access : (access as { pattern?: string } | undefined)?.pattern
  const audiences: Record<string, string> = { public_read: 'anyone', owner: 'owner', org_roles: 'member', org_member: 'member', service_only: 'service', tenant: 'signed_in' }
  return audiences[pattern ?? ''] ?? 'service'
}
