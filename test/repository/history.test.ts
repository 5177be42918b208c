import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test, vi } from 'vitest'
import { shippedPaths } from '../../generators/repository/history.ts'
import { tempRepository } from './temp-repository.ts'

const git = (cwd: string, ...args: string[]) => execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd })
const old = 'supabase/migrations/0001_old.sql'
const fresh = 'supabase/migrations/0002_new.sql'

async function onBranch(base = 'main', folder = ''): Promise<string> {
  const root = await tempRepository({ [join(folder, old)]: 'x' })
  await git(root, 'init', '-q', '-b', base)
  await git(root, 'add', '.')
  await git(root, 'commit', '-qm', 'one')
  await git(root, 'switch', '-qc', 'feature')
  await writeFile(join(root, folder, fresh), 'y')
  await git(root, 'add', '.')
  await git(root, 'commit', '-qm', 'two')
  return root
}

test.each(['main', 'master'])('what is on %s is history, what is on the branch is not', async (base) => {
  const shipped = await shippedPaths(await onBranch(base), [old, fresh, 'supabase/absent.sql'])
  expect(shipped).toEqual({ base, paths: new Set([old]), note: null })
})

test('the remote counts, not a local main that is behind or ahead', async () => {
  const upstream = await onBranch()
  await git(upstream, 'branch', '-qf', 'main', 'feature')
  await git(upstream, 'switch', '-q', 'main')
  const root = join(await tempRepository(), 'clone')
  await git('/', 'clone', '-q', upstream, root)
  await git(root, 'reset', '-q', '--hard', 'HEAD~1')
  expect(await shippedPaths(root, [old, fresh])).toEqual({ base: 'origin/main', paths: new Set([old, fresh]), note: null })
})

test('a repository in a sub-folder of the work tree', async () => {
  const root = await onBranch('main', 'apps/backend')
  const { paths } = await shippedPaths(join(root, 'apps/backend'), [old, fresh])
  expect([...paths]).toEqual([old])
})

test('no git repository, no base branch, no git: nothing is history, and it says so', async () => {
  const root = await tempRepository({ [old]: 'x' })
  expect(await shippedPaths(root, [old])).toMatchObject({ base: null, paths: new Set(), note: expect.stringContaining('not a git repository') })
  expect((await shippedPaths(await onBranch('trunk'), [old])).note).toContain('no base branch')
  const empty = join(root, 'bin')
  await mkdir(empty)
  vi.stubEnv('PATH', empty)
  expect((await shippedPaths(root, [old])).note).toContain('git is not installed')
  vi.unstubAllEnvs()
  await rm(empty, { recursive: true })
})

test('a hook of another repository does not lead astray', async () => {
  const root = await onBranch()
  vi.stubEnv('GIT_DIR', '/nonexistent')
  expect((await shippedPaths(root, [old])).base).toBe('main')
  vi.unstubAllEnvs()
})
