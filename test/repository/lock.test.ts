import { expect, test } from 'vitest'
import { TrrError } from '../../generators/errors.ts'
import { type Lock, lockPath, parseLock, readLock, renderLock } from '../../generators/repository/lock.ts'
import { hashText } from '../../generators/repository/text-file.ts'
import { tempRepository } from './temp-repository.ts'

const lock: Lock = {
  version: 1,
  spec: hashText('design: polls\n'),
  phases: [
    { id: 'tables', version: '0018', migration: 'supabase/migrations/0018_polls.sql' },
    { id: 'rls', version: '0019', migration: 'supabase/migrations/0019_polls_rls.sql' },
  ],
  files: [
    { path: 'supabase/migrations/0018_polls.sql', kind: 'migration', sha256: hashText('a') },
    { path: 'docs/db/polls/README.md', kind: 'document', sha256: hashText('b') },
  ],
  functions: [{ name: 'private.org_ids(text)', owned: false }],
}

test('the lock comes back as it was written, ordered, with numbers as text', async () => {
  const text = renderLock(lock)
  expect(text).toContain('version: "0018"')
  expect(text.indexOf('docs/db')).toBeLessThan(text.indexOf('path: supabase'))
  const root = await tempRepository({ [lockPath('polls')]: text })
  const back = await readLock(root, 'polls')
  expect(renderLock(back ?? lock)).toBe(text)
  expect(back?.phases).toEqual(lock.phases)
  expect(await readLock(root, 'other')).toBeNull()
})

test.each([
  ['no YAML', 'version: 1\n  phases: [\n', /is broken/],
  ['a conflict', '<<<<<<< HEAD\nversion: 1\n', /is broken/],
  ['empty', '', /is broken/],
  ['a number without quotes', renderLock(lock).replace('"0018"', '18'), /phases\.0\.version/],
  ['a path that leaves', renderLock(lock).replace('docs/db/polls/README.md', '../../etc/passwd'), /files\.0\.path/],
  ['a newer format', renderLock(lock).replace('version: 1', 'version: 2'), /newer trr-db/],
])('%s: a clear error', (_title, text, message) => {
  expect(() => parseLock(text, lockPath('polls'))).toThrow(message)
  expect(() => parseLock(text, lockPath('polls'))).toThrow(TrrError)
})
