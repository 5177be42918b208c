/** SQL as somebody: identities, errors, both shells, and nothing that stays. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { emptyFolder, sampleRepository, treeOf } from '../support/sample-repository.ts'
import { sampleServer, writePlanned } from '../support/sample-server.ts'

const sample = 'references/examples/trr'
const user = '00000000-0000-4000-8000-000000000001'

interface Document {
  exitCode: number
  role: string
  claims: Record<string, unknown>
  rows: Record<string, unknown>[]
  rowCount: number
  error?: { code: string; message: string; line?: number; column?: number }
  issues?: { code: string; message: string; remedy: string }[]
}

async function ask(sql: string, ...argv: string[]): Promise<Document> {
  const { stdout } = await runCli(['shell', '--sql', sql, ...argv, '--json', '--cwd', sample])
  return JSON.parse(stdout) as Document
}

/** The program with a script on stdin. */
function pipe(script: string, argv: string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [resolve('dist/generators/cli.js'), 'shell', ...argv, '--cwd', sample], { env: { ...process.env, ...env } })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text))
  child.stdin.end(script)
  return new Promise((settle) => child.on('close', (code) => settle({ code, ...output })))
}

describe('--as', () => {
  const who = "select current_user::text as who, auth.uid() as id, current_setting('request.jwt.claims', true) as claims"
  it.each([
    [[], 'postgres', null],
    [['--as', 'anon'], 'anon', null],
    [['--as', 'service_role'], 'service_role', null],
    [['--as', `user:${user}`], 'authenticated', user],
    [['--claims', `{"sub":"${user}","app_metadata":{"plan":"x y\\\\z"}}`], 'authenticated', user],
  ])('%j is %s', async (argv, role, id) => {
    const { rows } = await ask(who, ...argv)
    expect(rows).toMatchObject([{ who: role, id }])
  })

  it('a user exists, so that rows of theirs can be written; and is gone afterwards', async () => {
    const insert = `insert into surveys.responses (survey_id, user_id) select id, '${user}' from surveys.surveys where status = 'open' returning user_id`
    expect(await ask(insert, '--as', `user:${user}`, '--seed')).toMatchObject({ exitCode: 0, rowCount: 1 })
    expect((await ask('select from surveys.responses')).rowCount).toBe(0)
  })

  it('row level security holds', async () => {
    expect(await ask("update core.shows set title = 'x'", '--as', 'anon', '--seed')).toMatchObject({ exitCode: 1, error: { code: '42501' } })
    expect((await ask('select from core.shows', '--as', 'anon', '--seed')).rowCount).toBe(2)
  })

  it.each([
    [['--as', 'editr'], 'Nobody here is called "editr".'],
    [['--as', 'user:7'], '"7" is not a UUID.'],
    [['--claims', '[1]'], '--claims is no JSON object.'],
    [['--claims', '{"role":"root"}'], 'No session takes on the role "root" of --claims.'],
  ])('%j is refused', async (argv, message) => {
    const { exitCode, issues } = await ask('select 1', ...argv)
    expect(exitCode).toBe(2)
    expect(issues).toMatchObject([{ code: 'USAGE', message }])
  })
})

describe('a role of a tenancy', () => {
  const planner = sampleServer()
  let root: string
  beforeAll(async () => {
    root = sampleRepository()
    writePlanned(root, await planner().planned('show_submissions'))
  }, 120_000)

  it.each([['viewer', '42501'], ['editor', null]])('%s', async (role, refused) => {
    const insert = `with o as (select org_id from core.org_memberships where user_id = auth.uid())
      insert into core.show_submissions (org_id, show_id, title) select org_id, '5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0001', 'A clip' from o returning owner_id = auth.uid() as mine`
    const { stdout } = await runCli(['shell', '--as', role, '--seed', '--sql', insert, '--json', '--cwd', root])
    const document = JSON.parse(stdout) as Document
    if (refused === null) expect(document.rows).toEqual([{ mine: true }])
    else expect(document.error?.code).toBe(refused)
  })

  it('a role that no design has is refused with those that there are', async () => {
    const { stderr, code } = await runCli(['shell', '--as', 'emperor', '--sql', 'select 1', '--cwd', root])
    expect(code).toBe(2)
    expect(stderr.replace(/\s+/g, ' ')).toContain('viewer, editor, admin, owner')
  })
})

describe('for a person', () => {
  it('a result is aligned, an error has a caret', async () => {
    const good = await runCli(['shell', '--sql', "select 'größe' as a, null as b union all select 'x', '1'", '--cwd', sample])
    expect(good).toMatchObject({ code: 0, stdout: " a     | b\n-------+---\n größe |\n x     | 1\n(2 rows)\n" })
    const bad = await runCli(['shell', '--sql', "select 'ä',\n  nope from core.shows", '--cwd', sample])
    expect(bad).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('ERROR 42703: column "nope" does not exist\nLINE 2:   nope from core.shows\n          ^\n') })
  })

  it('--json without a statement is refused', async () => {
    expect((await runCli(['shell', '--json', '--cwd', sample])).code).toBe(2)
  })

  it.skipIf(spawnSync('psql', ['--version']).error)('psql gets the role and the claims', async () => {
    const { code, stdout, stderr } = await pipe("select current_user, auth.uid(), auth.jwt() #>> '{a,0}' as a; create table mine ();", ['--as', `user:${user}`, '--claims', '{"a":["x  y\\\\ \'z"]}'])
    expect(stdout).toContain(`authenticated | ${user} | x  y\\ 'z`)
    expect(stderr).toContain('thrown away at the end')
    expect(stderr).toContain('permission denied for schema public')
    expect(code).toBe(1)
  })

  it('without psql a loop of our own does', async () => {
    const bin = emptyFolder()
    for (const program of ['cp', 'ps']) symlinkSync(execFileSync('which', [program], { encoding: 'utf8' }).trim(), join(bin, program))
    const script = 'select current_user\n  as who;\n\\d core.credits\n\\x\nselect $$a;\nb$$ as text;\nselect nope;\nselect 5'
    const { code, stdout, stderr } = await pipe(script, ['--as', 'service_role'], { PATH: bin })
    expect(stdout).toContain(' who\n--------------\n service_role\n(1 row)\n')
    expect(stdout).toContain('table core.credits\n column')
    expect(stdout).toContain('Policies:\n  credits_select_all: select to anon, authenticated using true')
    expect(stdout).toContain(' text\n------\n a;↵b\n')
    expect(stderr).toContain('\\x is unknown here')
    expect(stderr).toContain('ERROR 42703: column "nope" does not exist\nLINE 1: select nope;\n               ^\n')
    expect(stdout).not.toContain('?column?')
    expect(code).toBe(1)
  })

  it('writes nothing into the repository', async () => {
    const root = sampleRepository()
    const before = treeOf(root)
    await runCli(['shell', '--sql', 'drop table core.shows cascade', '--cwd', root])
    expect(treeOf(root)).toEqual(before)
  })
})
