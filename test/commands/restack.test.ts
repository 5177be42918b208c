/** Branches that took the same numbers, merged with real git, and put one after the other. */
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { emptyFolder, treeOf } from '../support/sample-repository.ts'
import { commit, design, designOnBranch, git, migrations, put, teamRepository, text } from './team-repository.ts'

interface Document {
  exitCode: number
  result: string
  base: string | null
  designs?: { design: string; reason: string; migrations: Record<string, string>; edited: Record<string, string>; proved: boolean }[]
  issues: { code: string; message: string; remedy?: string }[]
}

async function restack(root: string, ...words: string[]): Promise<Document> {
  const { stdout } = await runCli(['restack', ...words, '--cwd', root, '--json'])
  return JSON.parse(stdout) as Document
}

/** `main`, and the branches `polls` and `notes` with a design each. */
let branched: string

beforeAll(async () => {
  branched = teamRepository()
  await designOnBranch(branched, 'polls')
  await designOnBranch(branched, 'notes')
}, 120_000)

function copyOfBranches(at: string): string {
  const root = emptyFolder()
  cpSync(branched, root, { recursive: true })
  git(root, 'switch', '-q', at)
  return root
}

it('moves the design that came second, and everything that names its files', async () => {
  const root = copyOfBranches('main')
  git(root, 'merge', '-q', '--no-edit', 'polls')
  git(root, 'switch', '-q', 'notes')
  git(root, 'merge', '-q', '--no-edit', 'main')
  expect(migrations(root)).toContain('0002_polls.sql')
  expect(migrations(root)).toContain('0002_notes.sql')
  const ofPolls = Object.entries(treeOf(root)).filter(([path]) => path.includes('polls'))

  const { result, base, designs, issues } = await restack(root)
  expect({ result, base, issues }).toEqual({ result: 'written', base: 'main', issues: [] })
  expect(designs).toMatchObject([{
    design: 'notes', proved: true, reason: '0002 is also the number of supabase/migrations/0002_polls.sql, on main',
    migrations: { '0002_notes': '0005_notes', '0003_notes_rls': '0006_notes_rls', '0004_notes_indexes': '0007_notes_indexes' },
  }])
  expect(migrations(root).filter((name) => name.includes('notes'))).toEqual(['0005_notes.sql', '0006_notes_rls.sql', '0007_notes_indexes.sql'])
  expect(readdirSync(join(root, 'supabase/rollbacks')).filter((name) => name.includes('notes'))).toEqual(['0005_notes.sql', '0006_notes_rls.sql', '0007_notes_indexes.sql'])
  const pages = readdirSync(join(root, 'docs/db/notes')).map((name) => text(root, `docs/db/notes/${name}`)).join('\n')
  expect(pages).toContain('0005_notes.sql')
  for (const old of ['0002_notes', '0003_notes', '0004_notes']) expect(`${pages}${text(root, 'supabase/designs/notes.lock.yaml')}`).not.toContain(old)
  expect(Object.entries(treeOf(root)).filter(([path]) => path.includes('polls'))).toEqual(ofPolls)

  const settled = treeOf(root)
  expect(await restack(root)).toMatchObject({ exitCode: 0, result: 'unchanged' })
  const { code, stdout } = await runCli(['generate', 'polls', 'notes', '--cwd', root])
  expect(code).toBe(0)
  expect(stdout).toMatch(/polls is already[\s\S]*notes is already/)
  expect(treeOf(root)).toEqual(settled)
}, 240_000)

it('timestamps older than the newest of the base move too, with edits by hand and what stands on them', async () => {
  const root = teamRepository('20250101000000')
  git(root, 'switch', '-qc', 'feature')
  await design(root, 'notes')
  await design(root, 'pins', 'core.notes')
  const [first = ''] = migrations(root).filter((name) => name.endsWith('_notes.sql'))
  const edited = `${text(root, `supabase/migrations/${first}`)}\ncomment on column core.notes.title is 'See ${first}.';\n`
  put(root, `supabase/migrations/${first}`, edited)
  commit(root)
  git(root, 'switch', '-q', 'main')
  put(root, 'supabase/migrations/20990101000000_later.sql', 'create table core.later (id int);')
  commit(root)
  git(root, 'switch', '-q', 'feature')
  expect(await restack(root)).toMatchObject({ exitCode: 3, issues: [{ code: 'REPO_CONFIG', remedy: 'Merge it first, then restack: git merge main' }] })
  git(root, 'merge', '-q', '--no-edit', 'main')

  const { designs, result } = await restack(root)
  expect(result).toBe('written')
  expect(designs?.map((one) => [one.design, one.proved])).toEqual([['notes', true], ['pins', true]])
  const moved = migrations(root).find((name) => name.endsWith('_notes.sql')) ?? ''
  expect(moved).toBe('20990101000001_notes.sql')
  expect(designs?.[0]?.edited).toEqual({ [`supabase/migrations/${first}`]: `supabase/migrations/${moved}` })
  expect(text(root, `supabase/migrations/${moved}`)).toBe(edited.replaceAll(first, moved))
  expect(existsSync(join(root, 'supabase/migrations', first))).toBe(false)
  expect(migrations(root).findIndex((name) => name.endsWith('_pins.sql'))).toBeGreaterThan(migrations(root).indexOf(moved))
  const again = treeOf(root)
  expect(await restack(root)).toMatchObject({ result: 'unchanged' })
  expect((await runCli(['generate', 'notes', '--cwd', root])).code).toBe(0)
  expect(treeOf(root)).toEqual(again)
}, 240_000)

it('writes nothing when a design does not fit the new base', async () => {
  const root = copyOfBranches('main')
  put(root, 'supabase/migrations/0002_taken.sql', 'alter table core.shows rename to programmes;')
  commit(root)
  git(root, 'switch', '-q', 'notes')
  git(root, 'merge', '-q', '--no-edit', 'main')
  const before = treeOf(root)
  expect((await restack(root)).exitCode).not.toBe(0)
  expect(treeOf(root)).toEqual(before)
}, 120_000)

it('writes nothing when a proof fails, here because of an edit by hand', async () => {
  const root = copyOfBranches('notes')
  put(root, 'supabase/migrations/0003_notes_rls.sql', `${text(root, 'supabase/migrations/0003_notes_rls.sql')}\ngrant select on core.notes to anon;\n`)
  put(root, 'supabase/migrations/0002_other.sql', 'select 1;')
  const before = treeOf(root)
  const document = await restack(root)
  expect(document).toMatchObject({ exitCode: 1, result: 'failed', designs: [{ design: 'notes', proved: false, edited: { 'supabase/migrations/0003_notes_rls.sql': 'supabase/migrations/0004_notes_rls.sql' } }] })
  expect(treeOf(root)).toEqual(before)
}, 120_000)

// Two are moved above; ten take minutes.
it.runIf(process.env['TRR_DB_SLOW'])('ten designs at once', async () => {
  const count = 10
  const root = copyOfBranches('main')
  const names = ['notes', 'polls', ...Array.from('abcdefgh', (letter) => `list_${letter}`)].slice(0, count)
  for (const name of names.slice(2)) await designOnBranch(root, name)
  git(root, 'switch', '-qc', 'all', 'main')
  git(root, 'merge', '-q', '--no-edit', ...names)
  expect(migrations(root)).toHaveLength(1 + 3 * count)
  const { designs, result } = await restack(root)
  expect(result).toBe('written')
  expect(designs?.map((one) => [one.design, one.proved])).toEqual(names.slice(1).map((name) => [name, true]))
  const numbers = migrations(root).map((name) => name.slice(0, 4))
  expect(new Set(numbers).size).toBe(1 + 3 * count)
  expect(await restack(root)).toMatchObject({ exitCode: 0, result: 'unchanged' })
}, 600_000)

it('two files on the base branch with one number are named, not touched', async () => {
  const root = teamRepository()
  put(root, 'supabase/migrations/0001_twin.sql', 'select 1;')
  commit(root)
  const before = treeOf(root)
  expect(await restack(root)).toMatchObject({
    exitCode: 1, result: 'unchanged',
    issues: [{ message: 'The number 0001 is taken twice: supabase/migrations/0001_base.sql and supabase/migrations/0001_twin.sql.', remedy: 'Both are on main; rename the one that no database has run.' }],
  })
  expect(treeOf(root)).toEqual(before)
})
