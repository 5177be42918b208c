import type { FileInput, SpecInput } from '../design/input.ts'
import { parseSize } from '../design/quantities.ts'
import { confirm, input, select } from './question.ts'
import type { Asking, Section } from './question.ts'

/** 7: objects in S3 that belong to rows. */
export const files: Section = {
  id: 'files',
  title: 'Files in S3',
  keys: ['files'],
  *ask(draft) {
    const { files: _before, ...rest } = draft
    const answered: Record<string, FileInput> = {}
    for (let number = 1; ; number += 1) {
      const message = number === 1 ? 'Does a row carry a file that lies in S3?' : 'Another file?'
      if (!(yield* confirm({ id: `files.${number}`, topic: 'files', message, default: false }))) break
      const { name, file } = yield* askFile(`files.${number}`, draft, answered)
      answered[name] = file
    }
    return Object.keys(answered).length > 0 ? { ...rest, files: answered } : rest
  },
}

function* askFile(id: string, draft: SpecInput, taken: Record<string, FileInput>): Asking<{ name: string; file: FileInput }> {
  const names = Object.keys(draft.tables ?? {})
  const table = names.length < 2 ? (names[0] ?? '') : yield* select({ id: `${id}.table`, topic: 'files', message: 'Of which table?', choices: names.map((value) => ({ value, name: value })), default: names[0] ?? '' })
  const ask = (question: string, message: string, offered: string, fault: (text: string) => string | null) => input({ id: `${id}.${question}`, topic: 'files', message, default: offered, validate: fault })
  const name = yield* ask('name', 'What is the file called?', ['file', 'attachment', 'preview'].find((word) => !(word in taken)) ?? '', (text) =>
    text in taken ? `There is a file ${text} already.` : /^[a-z][a-z0-9_]*$/.test(text) ? null : 'Small letters, digits and _.',
  )
  const many = yield* confirm({ id: `${id}.many`, topic: 'files', message: `Can one row of ${table} have several?`, default: false })
  const bucket = yield* ask('bucket', 'Bucket:', Object.values(taken)[0]?.bucket ?? 'media', (text) => (/^[a-z0-9][a-z0-9.-]{2,62}$/.test(text) ? null : 'As S3 names buckets: small letters, digits, - and .'))
  const types = yield* ask('content_types', 'Content types:', 'image/jpeg image/png image/webp', (text) => list(text).map(typeFault).find((fault) => fault !== null) ?? null)
  const size = yield* ask('max_bytes', 'Largest size:', '20MB', (text) => (parseSize(text) === null ? 'Such as 200MB.' : null))
  return {
    name,
    file: {
      table, bucket,
      access: audienceOf(draft.tables?.[table]?.access),
      max_bytes: size,
      content_types: list(types),
      pending_expires: '1 day',
      after_delete: '30 days',
      ...(many ? { many } : {}),
    },
  }
}

function list(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

function typeFault(type: string): string | null {
  return /^[a-z]+\/[a-z0-9.+*-]+$/.test(type) ? null : `${type} is no content type, such as image/png.`
}

/** The file is read by those who read the row. */
function audienceOf(access: unknown): string {
  const pattern = typeof access === 'string' ? access : (access as { pattern?: string } | undefined)?.pattern
  const audiences: Record<string, string> = { public_read: 'anyone', owner: 'owner', org_roles: 'member', org_member: 'member', service_only: 'service', tenant: 'signed_in' }
  return audiences[pattern ?? ''] ?? 'service'
}
