import { expect, test } from 'vitest'
import type { PlannedFile } from '../../generators/design/planned-file.ts'
import { compareWithDisk } from '../../generators/repository/changes.ts'
import { unifiedDiff } from '../../generators/repository/diff.ts'
import type { Lock } from '../../generators/repository/lock.ts'
import { hashText } from '../../generators/repository/text-file.ts'
import { tempRepository } from './temp-repository.ts'

const planned = (path: string, text: string, kind: PlannedFile['kind'] = 'migration'): PlannedFile => ({ path, text, kind })
const lockOf = (...files: PlannedFile[]): Lock => ({ version: 1, spec: '', phases: [], functions: [], files: files.map(({ path, kind, text }) => ({ path, kind, sha256: hashText(text) })) })

test('create, same, update, edited, orphaned', async () => {
  const lock = lockOf(planned('same', 'x\n'), planned('update', 'old\n'), planned('edited', 'generated\n'), planned('orphan', 'o\n'), planned('orphan-edited', 'o\n'), planned('gone', 'g'), planned('deleted', 'd'))
  const root = await tempRepository({ same: 'x\r\n', update: 'old\n', edited: 'by hand\n', orphan: 'o\n', 'orphan-edited': 'mine\n', foreign: 'somebody else\n', taken: 'equal' })
  const wanted = [planned('new', 'n'), planned('same', 'x\n'), planned('update', 'new\n'), planned('edited', 'new\n'), planned('foreign', 'new\n'), planned('taken', 'equal'), planned('deleted', 'd')]
  const changes = await compareWithDisk(root, wanted, lock)
  expect(Object.fromEntries(changes.map((change) => [change.path, [change.change, change.byHand]]))).toEqual({
    new: ['create', false], same: ['same', false], update: ['update', false], edited: ['edited', true], foreign: ['edited', true],
    taken: ['same', true], deleted: ['create', false], orphan: ['orphaned', false], 'orphan-edited': ['orphaned', true],
  })
})

test('the lock is never "edited", and neither is a text that may be replaced', async () => {
  const root = await tempRepository({ lock: 'a', doc: 'a', index: 'a\r\n' })
  const index = { ...planned('index', 'b\n', 'schema doc'), replaces: 'a\n' }
  const changes = await compareWithDisk(root, [planned('lock', 'b', 'lock'), planned('doc', 'b', 'schema doc'), index], null)
  expect(changes.map((change) => change.change)).toEqual(['update', 'edited', 'update'])
})

test('a diff shows what would be lost', async () => {
  const root = await tempRepository({ edited: 'one\nmine\nthree\n' })
  const [edited, created] = await compareWithDisk(root, [planned('edited', 'one\ntwo\nthree\n'), planned('new', 'n\n')], null)
  expect(unifiedDiff(edited!)).toBe('--- a/edited\n+++ b/edited\n@@ -1,3 +1,3 @@\n one\n-mine\n+two\n three\n')
  expect(unifiedDiff(created!)).toBe('--- /dev/null\n+++ b/new\n@@ -0,0 +1,1 @@\n+n\n')
  expect(unifiedDiff({ path: 'x', before: 'a', after: 'a' })).toBe('')
})
