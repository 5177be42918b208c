import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { TrrError } from '../../generators/errors.ts'
import { writeFiles } from '../../generators/repository/write.ts'
import { change, tempRepository, treeOf } from './temp-repository.ts'

const failureOf = (work: Promise<unknown>) => work.then(() => { throw new Error('It did not fail.') }, (error: unknown) => error as TrrError)

test('creates, updates and removes; asks no folder to be there', async () => {
  const root = await tempRepository({ 'supabase/old.sql': 'old', 'supabase/gone.sql': 'gone' })
  await chmod(join(root, 'supabase/old.sql'), 0o640)
  const changes = [change('docs/db/x/README.md', null, 'é\n'), change('supabase/old.sql', 'old', 'new'), change('supabase/gone.sql', 'gone', null), { ...change('same', 'a', 'a'), change: 'same' as const }]
  const result = await writeFiles(root, changes, { remove: new Set(['supabase/gone.sql']) })
  expect(result).toEqual({ written: ['docs/db/x/README.md', 'supabase/old.sql'], removed: ['supabase/gone.sql'], left: [] })
  expect(await treeOf(root)).toEqual({ 'docs/': '', 'docs/db/': '', 'docs/db/x/': '', 'docs/db/x/README.md': 'é\n', 'supabase/': '', 'supabase/old.sql': 'new' })
  expect((await stat(join(root, 'supabase/old.sql'))).mode & 0o777).toBe(0o640)
})

test('edited and orphaned files are left alone unless someone agreed', async () => {
  const root = await tempRepository({ a: 'mine', b: 'orphan' })
  const edited = { ...change('a', 'mine', 'new'), change: 'edited' as const }
  const orphaned = change('b', 'orphan', null)
  expect(await writeFiles(root, [edited, orphaned])).toEqual({ written: [], removed: [], left: ['a', 'b'] })
  expect(await treeOf(root)).toMatchObject({ a: 'mine', b: 'orphan' })
  await writeFiles(root, [edited, orphaned], { overwrite: new Set(['a']), remove: new Set(['b']) })
  expect(await treeOf(root)).toEqual({ a: 'new', 'supabase/': '' })
})

test.each(['../out.sql', 'supabase/../../out.sql', '/etc/out', '.git/hooks/pre-commit', 'a\\b', 'a//b', ''])('a path that is not inside is refused: %s', async (path) => {
  const root = await tempRepository()
  const error = await failureOf(writeFiles(root, [change('fine', null, 'x'), change(path, null, 'x')]))
  expect(error.issues[0]?.code).toBe('SPEC_PATH')
  expect(await treeOf(root)).toEqual({ 'supabase/': '' })
})

test('links that leave the repository or lead nowhere are refused, links inside are followed', async () => {
  const outside = await tempRepository()
  const root = await tempRepository({ 'real/file': 'old' })
  await symlink(outside, join(root, 'escape'))
  await symlink(join(outside, 'new-file'), join(root, 'dangling'))
  await symlink('real', join(root, 'inside'))
  for (const path of ['escape/x', 'escape/deep/x', 'dangling', 'dangling/x']) {
    expect((await failureOf(writeFiles(root, [change('fine', null, 'x'), change(path, null, 'x')]))).issues[0]?.code).toBe('SPEC_PATH')
  }
  expect(await treeOf(outside)).toEqual({ 'supabase/': '' })
  await writeFiles(root, [change('inside/file', 'old', 'new'), change('inside/deep/er/x', null, 'x')])
  expect(await treeOf(root)).toMatchObject({ 'real/file': 'new', 'real/deep/er/x': 'x' })
})

test('a file that changed after it was compared is not overwritten', async () => {
  const root = await tempRepository({ a: 'changed meanwhile' })
  const error = await failureOf(writeFiles(root, [change('new', null, 'x'), change('a', 'as compared', 'new')]))
  expect(error.issues[0]?.code).toBe('FILE_EDITED')
  expect(await treeOf(root)).toEqual({ a: 'changed meanwhile', 'supabase/': '' })
})

test('a folder in the place of a file, a file in the place of a folder', async () => {
  const root = await tempRepository({ docs: 'a file', 'there/x': '' })
  expect((await failureOf(writeFiles(root, [change('there', null, 'x')]))).issues[0]?.code).toBe('DISK')
  expect((await failureOf(writeFiles(root, [change('docs/x', null, 'x')]))).issues[0]?.code).toBe('DISK')
})

test('a read-only folder is found before anything is written', async (context) => {
  const root = await tempRepository({ 'docs/keep': '', 'a': 'old' })
  const before = await treeOf(root)
  if (process.getuid?.() === 0) {
    // Root may write everywhere, but not here.
    const { failed } = await execa('chattr', ['+i', join(root, 'docs')], { reject: false })
    if (failed) return context.skip()
    onTestFinished(() => execa('chattr', ['-i', join(root, 'docs')]).then(() => undefined))
  } else {
    await chmod(join(root, 'docs'), 0o555)
    onTestFinished(() => chmod(join(root, 'docs'), 0o755))
  }
  const error = await failureOf(writeFiles(root, [change('a', 'old', 'new'), change('docs/db/x', null, 'x')]))
  expect(error).toMatchObject({ exitCode: 3, issues: [{ code: 'DISK', message: expect.stringContaining('docs/db/x') }] })
  expect(await treeOf(root)).toEqual(before)
})

test.each([
  ['no room for the texts', 'size=256k', 200_000, 'the disk is full'],
  ['no room for one more file', 'nr_inodes=10', 10, 'ENOSPC'],
])('a full disk leaves the tree as it was: %s', async (_title, options, size, reason, ...rest) => {
  const context = rest.at(-1) as { skip?: () => void } | undefined
  const root = await tempRepository()
  const { failed } = await execa('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', root], { reject: false })
  if (failed) return context?.skip?.()
  onTestFinished(() => execa('umount', [root]).then(() => undefined))
  await mkdir(join(root, 'supabase'))
  await writeFile(join(root, 'supabase/a'), 'old')
  const before = await treeOf(root)
  const many = Array.from({ length: 6 }, (_, index) => change(`supabase/new/${index}`, null, 'x'.repeat(size)))
  const error = await failureOf(writeFiles(root, [change('supabase/a', 'old', 'new'), ...many]))
  expect(error).toMatchObject({ exitCode: 3, issues: [{ code: 'DISK', message: expect.stringContaining(reason) }] })
  expect(await treeOf(root)).toEqual(before)
})

test('Ctrl-C at any moment puts everything back', async () => {
  const root = await tempRepository({ a: 'old', b: 'gone' })
  const before = await treeOf(root)
  const changes = [change('a', 'old', 'new'), change('b', 'gone', null), change('docs/deep/c', null, 'c')]
  for (let moment = 0; ; moment += 1) {
    let asked = 0
    // Aborted from the given look at the signal on.
    const signal = { get aborted() { return asked++ >= moment } } as AbortSignal
    const outcome = await writeFiles(root, changes, { signal, remove: new Set(['b']) }).catch((error: TrrError) => error)
    if (!(outcome instanceof TrrError)) {
      expect(moment).toBe(8)
      break
    }
    expect(outcome).toMatchObject({ exitCode: 130, issues: [{ code: 'INTERRUPTED' }] })
    expect(await treeOf(root)).toEqual(before)
  }
  expect(await readFile(join(root, 'docs/deep/c'), 'utf8')).toBe('c')
})
