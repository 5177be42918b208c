import { rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { journalPath, openJournal, undoInterruptedWrite } from '../../generators/repository/journal.ts'
import { readRepository } from '../../generators/repository/read.ts'
import { writeFiles } from '../../generators/repository/write.ts'
import { change, tempRepository, treeOf } from './temp-repository.ts'

const project = join(import.meta.dirname, '../..')
const build = join(project, 'node_modules/.cache', `trr-db-test-${process.pid}`)

// The process that is killed runs plain JavaScript: Node 20 reads no types.
const killed = `
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const [, , root, changes, step] = process.argv
let left = Number(step)
for (const name of ['mkdir', 'open', 'rename', 'unlink']) {
  const real = fs.promises[name]
  fs.promises[name] = async (...args) => {
    if (left-- === 0) process.kill(process.pid, 'SIGKILL')
    return real(...args)
  }
}
syncBuiltinESMExports()
const { writeFiles } = await import('./generators/repository/write.js')
await writeFiles(root, JSON.parse(changes), { remove: new Set(['b']) })
`

beforeAll(async () => {
  await execa(join(project, 'node_modules/.bin/tsc'), ['--outDir', build, '--noCheck', '--declaration', 'false'], { cwd: project, reject: false })
  await writeFile(join(build, 'killed.js'), killed)
})
afterAll(() => rm(build, { recursive: true, force: true }))

test('killed at any step: the next run finds the tree as it was, or as it should be', async () => {
  const changes = [change('a', 'old', 'new'), change('b', 'gone', null), change('docs/deep/c', null, 'c')]
  const states = new Set<string>()
  for (let step = 0; step < 40; step += 1) {
    const root = await tempRepository({ a: 'old', b: 'gone', 'supabase/config.toml': '' })
    const before = await treeOf(root)
    const run = await execa('node', [join(build, 'killed.js'), root, JSON.stringify(changes), String(step)], { reject: false })
    if (run.exitCode === 0) {
      expect(await treeOf(root)).toMatchObject({ a: 'new', 'docs/deep/c': 'c' })
      expect(states.size).toBeGreaterThan(3)
      return
    }
    expect(run.signal).toBe('SIGKILL')
    states.add(JSON.stringify(await treeOf(root)))
    await readRepository(root)
    expect(await treeOf(root)).toEqual(before)
  }
  throw new Error('The write never came to its end.')
})

test('what was changed after the kill is left, and named', async () => {
  const root = await tempRepository({ a: 'edited since', b: 'new' })
  const entry = (file: string) => ({ file: join(root, file), staged: join(root, `.${file}.trr-db`), before: Buffer.from('old').toString('base64'), mode: 0o644, after: '11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437' })
  await openJournal(root, { processId: 2 ** 30, folders: [], entries: [entry('a'), entry('b')] })
  const notes = await undoInterruptedWrite(root)
  expect(notes.join('\n')).toMatch(/put back[^]*^a was changed since/m)
  expect(await treeOf(root)).toEqual({ a: 'edited since', b: 'old', 'supabase/': '' })
})

test('a live writer is not disturbed, and a stale journal does not block for ever', async () => {
  const root = await tempRepository({ 'supabase/config.toml': '' })
  await openJournal(root, { processId: process.ppid, folders: [], entries: [] })
  await expect(readRepository(root)).rejects.toMatchObject({ issues: [{ code: 'DISK', message: expect.stringContaining('Another trr-db') }] })
  await expect(writeFiles(root, [change('x', null, 'x')])).rejects.toMatchObject({ exitCode: 3 })
  const old = new Date(Date.now() - 120_000)
  await utimes(join(root, journalPath), old, old)
  expect((await readRepository(root)).notes.join()).toContain('put back')
})

test('a torn journal has nothing to undo', async () => {
  const root = await tempRepository({ a: 'x', [journalPath]: '{"processId": 1, "entr' })
  expect(await undoInterruptedWrite(root)).toEqual([])
  expect(await treeOf(root)).toEqual({ a: 'x', 'supabase/': '' })
})
