import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TrrError } from '../../generators/errors.ts'
import { readRepository } from '../../generators/repository/read.ts'
import { tempRepository } from './temp-repository.ts'

async function issuesOf(root: string) {
  const error = await readRepository(root).then(() => null, (caught: unknown) => caught)
  expect(error).toBeInstanceOf(TrrError)
  return error as TrrError
}

test('reads TRR from a folder deep inside', async () => {
  const root = join(import.meta.dirname, '../../references/examples/trr')
  const repository = await readRepository(join(root, 'supabase/migrations'))
  expect(repository.root).toBe(root)
  expect(repository.config).toMatchObject({ major: 17, apiSchemas: expect.arrayContaining(['core']) })
  expect(repository.migrations.map((file) => file.version)).toEqual(Array.from({ length: repository.migrations.length }, (_, i) => String(i + 1).padStart(4, '0')))
  expect(repository).toMatchObject({ hasSchemaDocs: true, notes: [], seed: { path: 'supabase/seed.sql' } })
})

test('without supabase/: REPO_MISSING, exit 3', async () => {
  const root = await tempRepository()
  const error = await issuesOf(join(root, '..'))
  expect(error.issues[0]).toMatchObject({ code: 'REPO_MISSING', remedy: expect.stringContaining('supabase init') })
  expect(error.exitCode).toBe(3)
})

test('an empty supabase/ is an empty history on 17', async () => {
  const repository = await readRepository(await tempRepository())
  expect(repository).toMatchObject({ migrations: [], seed: null, hasSchemaDocs: false, designs: [], config: { major: 17, apiSchemas: ['public', 'graphql_public'] } })
  expect(repository.notes.join()).toContain('config.toml is missing')
})

test('client code in a folder called supabase is not the project', async () => {
  const root = await tempRepository({ 'supabase/config.toml': '', 'web/src/supabase/client.ts': '' })
  expect((await readRepository(join(root, 'web/src'))).root).toBe(root)
})

test('broken TOML is reported with line and column', async () => {
  const root = await tempRepository({ 'supabase/config.toml': '[db]\nmajor_version = = 17\n' })
  const [issue] = (await issuesOf(root)).issues
  expect(issue).toMatchObject({ code: 'REPO_CONFIG', place: { file: 'supabase/config.toml', line: 2, column: expect.any(Number) } })
  expect(issue?.excerpt).toMatch(/^major_version = = 17\n +\^$/)
})

test.each([['15', 15], ['17', 17], ['18', 18]])('major %s', async (written, major) => {
  const root = await tempRepository({ 'supabase/config.toml': `[db]\nmajor_version = ${written}\n` })
  expect((await readRepository(root)).config.major).toBe(major)
})

test.each(['14', '16', '19', '"seventeen"'])('major %s is refused, with what is supported', async (written) => {
  const root = await tempRepository({ 'supabase/config.toml': `[api]\nschemas = 3\n[db]\nmajor_version = ${written}\n` })
  const { issues } = await issuesOf(root)
  expect(issues.find((issue) => issue.place?.line === 4)).toMatchObject({ code: 'REPO_CONFIG', remedy: expect.stringContaining('15, 17, 18') })
  expect(issues.find((issue) => issue.place?.line === 2)?.message).toContain('api.schemas')
})

test('migrations: the order of bytes, sub-folders ignored, remarks as notes', async () => {
  const root = await tempRepository({
    'supabase/config.toml': '',
    'supabase/migrations/20240101000000_b.sql': 'select 2;',
    'supabase/migrations/0001_a.sql': 'select 1;',
    'supabase/migrations/0001_a.down.sql': 'drop;',
    'supabase/migrations/old/0002_c.sql': 'select 3;',
    'supabase/migrations/schema.sql': 'x',
    'supabase/migrations/README.md': 'x',
  })
  const { migrations, notes } = await readRepository(root)
  expect(migrations.map((file) => file.path.split('/').at(-1))).toEqual(['0001_a.down.sql', '0001_a.sql', '20240101000000_b.sql'])
  const all = notes.join('\n')
  expect(all).toContain('different widths (4, 14 digits)')
  expect(all).toContain('0001_a.down.sql looks like a rollback')
  expect(all).toContain('have the same number')
  expect(all).toContain('schema.sql is not applied')
  expect(all).not.toContain('README')
})

test('a first init from before 2021-12-09 is skipped, as the runner does', async () => {
  const root = await tempRepository({ 'supabase/migrations/20200101000000_init.sql': 'x', 'supabase/migrations/20220101000000_init.sql': 'y' })
  expect((await readRepository(root)).migrations.map((file) => file.version)).toEqual(['20220101000000'])
})

test('files that are no text are all reported, with the line', async () => {
  const root = await tempRepository({
    'supabase/migrations/0001_latin.sql': Buffer.from("select 1;\n-- caf\xe9\n", 'latin1'),
    'supabase/migrations/0002_binary.sql': Buffer.from([0x00, 0x01]),
    'supabase/migrations/0003_fine.sql': '-- café\n',
  })
  await symlink('nowhere.sql', join(root, 'supabase/migrations/0004_link.sql'))
  await mkdir(join(root, 'supabase/seed.sql'))
  const { issues } = await issuesOf(root)
  expect(issues.map((issue) => [issue.place?.file.split('/').at(-1), issue.place?.line])).toEqual([['seed.sql', undefined], ['0001_latin.sql', 2], ['0002_binary.sql', 1], ['0004_link.sql', undefined]])
})

test('designs are listed with their locks', async () => {
  const root = await tempRepository({ 'supabase/designs/b.yaml': '', 'supabase/designs/a.yaml': '', 'supabase/designs/a.lock.yaml': '' })
  expect((await readRepository(root)).designs).toEqual([
    { design: 'a', spec: 'supabase/designs/a.yaml', lock: 'supabase/designs/a.lock.yaml' },
    { design: 'b', spec: 'supabase/designs/b.yaml', lock: null },
  ])
})
