/** The state of a commit, read from git's objects: below the top of the work tree, through links, and without ever leaving it. */
import { execFileSync } from 'node:child_process'
import { chmod, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkOut } from '../../generators/repository/checkout.ts'
import { resolveRange } from '../../generators/repository/range.ts'
import { readRepository } from '../../generators/repository/read.ts'
import { tempRepository, treeOf } from './temp-repository.ts'

const git = (root: string, ...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: root, encoding: 'utf8' }).trim()

function commit(root: string, says = 'work'): string {
  git(root, 'add', '-A')
  git(root, 'commit', '-qm', says, '--allow-empty')
  return git(root, 'rev-parse', 'HEAD')
}

test('a project in a folder of its own, with migrations that are a link', async () => {
  const top = await tempRepository({ 'sql/0001_a.sql': 'select 1;\n', 'apps/db/supabase/config.toml': '[db]\nmajor_version = 15\n', 'apps/db/supabase/functions/big.ts': 'x' })
  git(top, 'init', '-q', '-b', 'main')
  const before = commit(top)
  await symlink('../../../sql', join(top, 'apps/db/supabase/migrations'))
  await symlink('/etc/hostname', join(top, 'sql/0002_outside.sql'))
  await writeFile(join(top, 'sql/0003_ümlaut.sql'), 'select 3;\n')
  await chmod(join(top, 'sql/0003_ümlaut.sql'), 0o755)
  const after = commit(top)
  const root = join(top, 'apps/db')
  const status = await treeOf(top)
  {
    await using base = await checkOut(root, before)
    expect(await readRepository(base.root)).toMatchObject({ migrations: [], config: { major: 15 } })
    await using head = await checkOut(root, after)
    const { migrations } = await readRepository(head.root)
    expect(migrations.map(({ path, sql }) => [path, sql])).toEqual([['supabase/migrations/0001_a.sql', 'select 1;\n'], ['supabase/migrations/0003_ümlaut.sql', 'select 3;\n']])
    expect(Object.keys(await treeOf(head.root)).some((path) => path.includes('functions'))).toBe(false)
  }
  expect(await treeOf(top)).toEqual(status)
})

test('two dots compare commits, three where they parted, and none where the branch began', async () => {
  const root = await tempRepository()
  git(root, 'init', '-q', '-b', 'main')
  const start = commit(root, 'start')
  git(root, 'switch', '-qc', 'work')
  const work = commit(root)
  git(root, 'switch', '-q', 'main')
  const main = commit(root, 'main moves on')
  git(root, 'switch', '-q', 'work')
  expect(await resolveRange(root, 'main..')).toEqual({ base: { name: 'main', commit: main }, head: { name: 'the working tree', commit: null }, behind: 1 })
  expect(await resolveRange(root, 'main...work')).toEqual({ base: { name: 'where work left main', commit: start }, head: { name: 'work', commit: work }, behind: 0 })
  expect(await resolveRange(root, null)).toMatchObject({ base: { name: 'where this branch left main', commit: start }, head: { commit: null } })
  for (const word of ['--output=x', 'nowhere', 'main:supabase']) await expect(resolveRange(root, `${word}..`)).rejects.toMatchObject({ issues: [{ code: 'USAGE' }] })
})
