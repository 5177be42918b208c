/** Files in Supabase Storage: what the key `store` takes and refuses, and what the spec says of an object by its key. */
import { describe, expect, test } from 'vitest'
import { type Caller } from '../../generators/design/access.ts'
import { mayTouch, objectFacts } from '../../generators/design/object-facts.ts'
import type { FileSpec, Verb } from '../../generators/design/spec.ts'
import { TrrError } from '../../generators/errors.ts'
import { organization, read } from './spec-text.ts'

const withFile = (file: string, { tenancy = organization, access = 'org_member' } = {}) => `design: notes
story: People take notes.
schema: core
${tenancy}
tables:
  notes:
    about: A note.
    columns: { title: text }
    access: ${access}
files:
  scan:
    table: notes
    bucket: note-scans
${file.replace(/^/gm, '    ')}
`

describe('accepted', () => {
  test('without store nothing changes: the objects are nobody’s affair here', async () => {
    expect((await read(withFile('access: member'))).files).toMatchObject([{ bucket: 'note-scans', objects: null }])
  })

  test('one value stands for every verb; the folders are tenant and row', async () => {
    const [file] = (await read(withFile('store: supabase\nmany: true\naccess: editor\nmax_bytes: 5MB'))).files
    const editor = { own: { role: 'editor' }, any: { role: 'editor' } }
    expect(file?.objects).toMatchObject({ scope: 'tenant', public: false, access: { select: editor, insert: editor, update: editor, delete: editor } })
    expect(file?.objects?.folders).toHaveLength(2)
  })

  test('verb by verb: what is left out is the service’s', async () => {
    const [file] = (await read(withFile('store: supabase\naccess: { select: member, update: { own: editor, any: admin } }'))).files
    expect(file?.objects?.access).toMatchObject({ insert: { own: 'service', any: 'service' }, update: { own: { role: 'editor' }, any: { role: 'admin' } }, delete: { any: 'service' } })
  })

  test('without a tenancy the first folder is the owner', async () => {
    const [file] = (await read(withFile('store: supabase\naccess: owner', { tenancy: '', access: 'owner' }))).files
    expect(file?.objects).toMatchObject({ scope: 'owner', access: { select: { own: 'signed_in', any: 'service' } } })
  })
})

describe('refused', () => {
  test.each<[string, string, string, string]>([
    ['an unknown store', 'store: gcs\naccess: member', 'SPEC_VALUE', 'gcs'],
    ['verbs without the store', 'access: { select: member, insert: editor }', 'SPEC_CONFLICT', 'Only the service writes to S3'],
    ['public without the store', 'access: member\npublic: true', 'SPEC_CONFLICT', 'this file is in S3'],
    ['public without a reason', 'store: supabase\naccess: member\npublic: true', 'SPEC_MISSING_KEY', 'without asking a policy'],
    ['everybody reads, without a reason', 'store: supabase\naccess: { select: anyone, insert: editor }', 'SPEC_MISSING_KEY', 'Everybody could read'],
    ['everybody writes', 'store: supabase\naccess: { select: member, insert: anyone }', 'SPEC_CONFLICT', 'could insert objects without signing in'],
    ['nobody', 'store: supabase\naccess: { select: member, delete: nobody }', 'SPEC_VALUE', 'nobody cannot be kept'],
    ['a role that is none', 'store: supabase\naccess: { select: member, insert: editors }', 'SPEC_VALUE', '"editors"'],
  ])('%s', async (_title, file, code, message) => {
    const error = await read(withFile(file)).then(() => null, (thrown: unknown) => thrown)
    const issues = error instanceof TrrError ? error.issues : []
    const found = issues.filter((issue) => issue.code === code && issue.message.includes(message))
    expect(found, JSON.stringify(issues)).toHaveLength(1)
    expect(found[0]?.remedy).toBeTruthy()
    expect(found[0]?.place?.line).toBeGreaterThan(14)
  })

  test('two files in one bucket', async () => {
    const text = `${withFile('store: supabase\naccess: member')}  page:\n    store: supabase\n    table: notes\n    bucket: note-scans\n    access: member\n`
    await expect(read(text)).rejects.toThrow('joined by OR')
  })
})

describe('an object by its key', () => {
  const [a, b] = ['11111111-1111-4111-8111-11111111111a', '22222222-2222-4222-8222-22222222222b']
  const row = '33333333-3333-4333-8333-333333333333'
  const editor: Caller = { role: 'authenticated', userId: 'u', anonymous: false, aal: null, tenantId: null, memberships: [{ organization: a, role: 'editor', active: true }] }

  async function file(): Promise<{ spec: Awaited<ReturnType<typeof read>>; file: FileSpec }> {
    const spec = await read(withFile('store: supabase\nmany: true\naccess: editor'))
    return { spec, file: spec.files[0] as FileSpec }
  }

  test.each<[string, string, Partial<Record<Verb, boolean>>]>([
    ['at home', `${a}/${row}/scan.png`, { select: true, insert: true, update: true, delete: true }],
    ['deeper', `${a}/${row}/pages/1.png`, { select: true, insert: true }],
    ['of another tenant', `${b}/${row}/scan.png`, { select: false, insert: false, update: false, delete: false }],
    ['without a folder', 'scan.png', { select: false, insert: false }],
    ['in capitals', `${a.toUpperCase()}/${row}/scan.png`, { select: false, insert: false }],
    ['under the beginning of the tenant', `${a.slice(0, 35)}/${row}/scan.png`, { select: false, insert: false }],
    ['under an empty folder', `/${a}/${row}/scan.png`, { select: false, insert: false }],
    ['under a way back', `../${a}/${row}/scan.png`, { select: false, insert: false }],
    ['at home, without a row', `${a}/scan.png`, { select: true, insert: false, update: false, delete: true }],
    ['at home, with a way back', `${a}/${row}/../scan.png`, { select: true, insert: false, update: false, delete: true }],
    ['at home, with an empty segment', `${a}/${row}//scan.png`, { select: true, insert: false }],
  ])('%s', async (_title, name, expected) => {
    const { spec, file: of } = await file()
    const facts = objectFacts({ bucket: 'note-scans', name, owner: null }, of, new Set())
    for (const [verb, allowed] of Object.entries(expected)) expect(mayTouch(verb as Verb, editor, facts, of, spec.tenancy), verb).toBe(allowed)
  })

  test('another bucket, a deleted organisation, and the service', async () => {
    const { spec, file: of } = await file()
    const object = { bucket: 'note-scans', name: `${a}/${row}/scan.png`, owner: null }
    const may = (facts: ReturnType<typeof objectFacts>, caller = editor) => mayTouch('select', caller, facts, of, spec.tenancy)
    expect(may(objectFacts({ ...object, bucket: 'others' }, of, new Set()))).toBe(false)
    expect(may(objectFacts(object, of, new Set([a])))).toBe(false)
    expect(may(objectFacts({ ...object, bucket: 'others' }, of, new Set()), { ...editor, role: 'service_role' })).toBe(true)
  })
})
