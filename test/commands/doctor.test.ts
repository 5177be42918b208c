/** Everything that doctor knows, broken once. */
import { appendFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkNode } from '../../generators/commands/checkup/environment.ts'
import { checkNames } from '../../generators/commands/checkup/history.ts'
import { runCli } from '../support/run-cli.ts'
import { emptyFolder } from '../support/sample-repository.ts'
import { commit, design, git, put, teamRepository } from './team-repository.ts'

interface Document {
  ok: boolean
  exitCode: number
  checks: { id: string; status: string; says: string; remedy?: string }[]
}

async function doctor(root: string, env: NodeJS.ProcessEnv = {}): Promise<Document> {
  const { stdout } = await runCli(['doctor', '--cwd', root, '--json'], { env })
  return JSON.parse(stdout) as Document
}

const problems = ({ checks }: Document) => checks.filter(({ status }) => status === 'problem').map(({ id, says, remedy }) => [id, says, remedy])

describe('the environment', () => {
  it('is fine here', async () => {
    const document = await doctor(teamRepository())
    expect(problems(document)).toEqual([])
    expect(document).toMatchObject({ ok: true, exitCode: 0 })
    expect(document.checks.map(({ id }) => id)).toEqual(['node', 'platform', 'cache', 'room', 'server', 'git', 'psql', 'supabase', 'repository', 'names', 'replay', 'designs'])
  })

  it('an old Node', () => {
    expect(['20.18.9', '18.20.0', '20.19.0', '22.1.0'].map((version) => checkNode(version).status)).toEqual(['problem', 'problem', 'ok', 'ok'])
  })

  it('a cache that cannot be written', async () => {
    const folder = emptyFolder()
    put(folder, 'file', '')
    const document = await doctor(teamRepository(), { TRR_DB_CACHE: join(folder, 'file/cache') })
    expect(document.exitCode).toBe(3)
    expect(problems(document)[0]).toEqual(['cache', `${join(folder, 'file/cache')} cannot be written (ENOTDIR).`, 'Set TRR_DB_CACHE to a directory that you may write.'])
  })

  it('no repository', async () => {
    const folder = emptyFolder()
    const document = await doctor(folder)
    expect(document.exitCode).toBe(3)
    expect(problems(document)).toMatchObject([['repository', `There is no "supabase" folder in ${folder} or above it.`, expect.stringContaining('supabase init')]])
  })

  it('no git is a note', async () => {
    const bin = emptyFolder()
    for (const program of ['cp', 'ps']) symlinkSync(`/bin/${program}`, join(bin, program))
    const { checks, exitCode } = await doctor(teamRepository(), { PATH: bin })
    expect(exitCode).toBe(0)
    expect(checks.find(({ id }) => id === 'git')).toMatchObject({ status: 'note', remedy: 'Install git.' })
  })
})

describe('the repository', () => {
  it('a broken config.toml', async () => {
    const root = teamRepository()
    put(root, 'supabase/config.toml', '[db]\nmajor_version = 14\n')
    expect(problems(await doctor(root))).toMatchObject([['repository', 'supabase/config.toml:2:1  Postgres 14 in "db.major_version" is not supported.', expect.stringContaining('15, 17, 18')]])
  })

  it('a history that does not replay: the first file, with its place', async () => {
    const root = teamRepository()
    put(root, 'supabase/migrations/0002_bad.sql', 'select 1;\nselect nope;\n')
    put(root, 'supabase/migrations/0003_worse.sql', 'oh no')
    const document = await doctor(root)
    expect(document.exitCode).toBe(3)
    expect(problems(document)).toMatchObject([['replay', 'supabase/migrations/0002_bad.sql:2:8  column "nope" does not exist.\nselect nope;\n       ^', expect.stringContaining('--skip')]])
  })

  it('names: twins, rollbacks, gaps, widths', async () => {
    const file = (path: string) => ({ path: `supabase/migrations/${path}`, version: path.split('_')[0] ?? '', name: path.replace(/^\d+_|\.sql$/g, ''), sql: '' })
    const checks = checkNames(['0001_a.sql', '0002_b.sql', '0002_c.sql', '0004_d.down.sql', '0009_e.sql'].map(file))
    expect(checks.map(({ status, says }) => [status, says])).toEqual([
      ['problem', 'supabase/migrations/0002_b.sql and supabase/migrations/0002_c.sql have the same number.'],
      ['problem', 'supabase/migrations/0004_d.down.sql is a rollback by its name, and the runner applies it.'],
      ['note', 'No migration has the numbers 0003, 0005–0008; no harm.'],
    ])
    const root = teamRepository()
    put(root, 'supabase/migrations/0002_x.sql', 'select 1;')
    put(root, 'supabase/migrations/0002_y.sql', 'select 1;')
    put(root, 'supabase/migrations/20250101000000_z.sql', 'select 1;')
    const { checks: all, exitCode } = await doctor(root)
    expect(exitCode).toBe(1)
    expect(all.filter(({ says }) => says.includes('same number'))).toHaveLength(1)
    expect(all.filter(({ status, says }) => status === 'note' && says.includes('different widths'))).toHaveLength(1)
  })
})

it('designs: edited, gone, changed since, in the way of the base', async () => {
  const root = teamRepository()
  git(root, 'switch', '-qc', 'feature')
  await design(root, 'notes')
  expect(problems(await doctor(root))).toEqual([])
  appendFileSync(join(root, 'docs/db/notes/README.md'), 'mine')
  appendFileSync(join(root, 'supabase/designs/notes.yaml'), '# later\n')
  rmSync(join(root, 'supabase/rollbacks/0002_notes.sql'))
  commit(root)
  git(root, 'switch', '-q', 'main')
  put(root, 'supabase/migrations/0002_other.sql', 'select 1;')
  commit(root)
  git(root, 'merge', '-q', '--no-edit', 'feature')
  git(root, 'switch', '-q', 'feature')
  git(root, 'reset', '-q', '--hard', 'main')
  git(root, 'branch', '-qf', 'main', 'main~1')
  const document = await doctor(root)
  expect(document.exitCode).toBe(1)
  expect(problems(document).filter(([id]) => id === 'notes')).toEqual([
    ['notes', 'supabase/designs/notes.yaml was changed since it was generated.', 'trr-db generate notes'],
    ['notes', 'supabase/rollbacks/0002_notes.sql is gone.', 'Restore it (git checkout -- supabase/rollbacks/0002_notes.sql), or write it anew: trr-db generate notes'],
    ['notes', '0002 is also the number of supabase/migrations/0002_other.sql, on main.', 'trr-db restack notes'],
  ])
  expect(document.checks).toContainEqual({ id: 'notes', status: 'note', says: 'docs/db/notes/README.md was edited by hand; it is kept.' })
}, 120_000)
