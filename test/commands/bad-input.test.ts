/** What can be wrong from outside: a clear error, the right exit code, and nothing written. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { emptyFolder, sampleRepository, treeOf } from '../support/sample-repository.ts'

const good = readFileSync('references/examples/designs/show_ratings.yaml', 'utf8')

async function newTable(root: string, text: string): Promise<{ exitCode: number; codes: string[]; text: string }> {
  const file = join(emptyFolder(), 'spec.yaml')
  writeFileSync(file, text)
  const { stdout, code } = await runCli(['new-table', '--answers', file, '--cwd', root, '--json', '--yes'])
  const { issues, exitCode } = JSON.parse(stdout) as { issues: { code: string }[]; exitCode: number }
  expect(exitCode).toBe(code)
  return { exitCode, codes: [...new Set(issues.map((issue) => issue.code))], text: stdout }
}

describe('a bad spec exits 2', () => {
  const cases: [string, [string, string], string][] = [
    ['broken YAML', ['design: show_ratings', 'design: [show_ratings'], 'SPEC_SYNTAX'],
    ['an unknown key', ['    about:', '    colums: {}\n    about:'], 'SPEC_UNKNOWN_KEY'],
    ['an unknown table', ['core.shows', 'core.showz'], 'SPEC_UNKNOWN_NAME'],
    ['a type that does not exist', ['rated_on: date', 'rated_on: datum'], 'SPEC_UNKNOWN_NAME'],
    ['a duplicate column', ['rated_on: date', 'rated_on: date\n      rated_on: date'], 'SPEC_DUPLICATE'],
    ['an identifier of 64 bytes', ['rated_on: date', `rated_on: date\n      ${'x'.repeat(64)}: text`], 'SPEC_NAME'],
    ['a check that does not parse', ['votes >= 0', 'votes >= '], 'SPEC_EXPRESSION'],
    ['a check of two statements', ['votes >= 0', 'votes >= 0); drop schema core; --'], 'SPEC_EXPRESSION'],
    ['a check of the wrong type', ['votes >= 0', 'upper(source)'], 'SPEC_EXPRESSION'],
    ['an absurd scale', ['rows: 9M', 'rows: -9'], 'SPEC_VALUE'],
    ['what is not built yet', ['pattern: public_read', 'pattern: public_read\n    partition: { by: hash(show_id), parts: 4 }'], 'SPEC_NOT_YET'],
  ]
  it.each(cases)('%s', async (_, [from, to], code) => {
    expect(good).toContain(from)
    const root = sampleRepository()
    const before = treeOf(root)
    const outcome = await newTable(root, good.replace(from, to))
    expect(outcome).toMatchObject({ exitCode: 2 })
    expect(outcome.codes).toContain(code)
    expect(treeOf(root)).toEqual(before)
  })

  it('a path that leaves the repository', async () => {
    const root = sampleRepository()
    expect(await newTable(root, good.replace('design: show_ratings', 'design: ../../outside'))).toMatchObject({ exitCode: 2 })
  })

  it('no file at all', async () => {
    const { code, stderr } = await runCli(['new-table', '--answers', 'nowhere.yaml', '--cwd', sampleRepository()])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('USAGE  There is no design and no file "nowhere.yaml".') })
  })
})

describe('a slip on the command line', () => {
  it('a migration to skip that does not exist', async () => {
    const { code, stderr } = await runCli(['new-table', '--answers', 'references/examples/designs/show_ratings.yaml', '--cwd', sampleRepository(), '--skip', '0004_survey.sql'])
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no migration "0004_survey.sql" to skip.\n  Did you mean: --skip 0004_surveys.sql') })
  })

  it('a repository that does not exist', async () => {
    const { code, stderr } = await runCli(['verify', '--cwd', join(sampleRepository(), 'nowhere')])
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('REPO_MISSING  There is no folder') })
  })

  it.each([
    ['another encoding', Buffer.from(good.replace('What one source', 'Was eine f\u00fcr')  , 'latin1'), /is not UTF-8 text/],
    ['UTF-16', Buffer.from(`\uFEFF${good}`, 'utf16le'), /is not UTF-8 text/],
    ['no text at all', Buffer.alloc(5_000_000, 120), /larger than/],
  ])('a spec in %s', async (_, bytes, says) => {
    const file = join(emptyFolder(), 'spec.yaml')
    writeFileSync(file, bytes)
    const { code, stderr } = await runCli(['new-table', '--answers', file, '--cwd', sampleRepository()])
    expect({ code, stderr: stderr.replace(/\s+/g, ' ') }).toMatchObject({ code: 2, stderr: expect.stringMatching(says) })
  })
})

describe('a bad environment exits 3', () => {
  it('a cache that cannot be made', async () => {
    const { code, stderr } = await runCli(['verify', 'nothing', '--cwd', sampleRepository()], { env: { TRR_DB_CACHE: '/proc/nowhere' } })
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('no design') })
    const made = await runCli(['new-table', '--answers', 'references/examples/designs/show_ratings.yaml', '--cwd', sampleRepository()], { env: { TRR_DB_CACHE: '/proc/nowhere' } })
    expect(made).toMatchObject({ code: 3, stderr: expect.stringContaining('Set TRR_DB_CACHE') })
  })

  it('no supabase folder', async () => {
    expect(await newTable(emptyFolder(), good)).toMatchObject({ exitCode: 3, codes: ['REPO_MISSING'] })
  })

  it('a history that does not replay, with the place', async () => {
    const root = sampleRepository()
    writeFileSync(join(root, 'supabase/migrations/0099_broken.sql'), 'select 1;\nalter table core.nowhere add x int;\n')
    const outcome = await newTable(root, good)
    expect(outcome).toMatchObject({ exitCode: 3, codes: ['REPLAY_FAILED'] })
    expect(outcome.text).toContain('"file": "supabase/migrations/0099_broken.sql",\n        "line": 2')
  })

  it('a broken history can be skipped', async () => {
    const root = sampleRepository()
    writeFileSync(join(root, 'supabase/migrations/0099_broken.sql'), 'nonsense;\n')
    const { code } = await runCli(['verify', '--cwd', root, '--skip', '0099_broken.sql'])
    expect(code).toBe(0)
  })

  // Root may write everywhere.
  it.skipIf(process.getuid?.() === 0)('a read-only folder', async () => {
    const root = sampleRepository()
    chmodSync(join(root, 'supabase'), 0o555)
    onTestFinished(() => chmodSync(join(root, 'supabase'), 0o755))
    const before = treeOf(root)
    expect(await newTable(root, good)).toMatchObject({ exitCode: 3, codes: ['DISK'] })
    expect(treeOf(root)).toEqual(before)
  })

  it('a place that takes no files', async () => {
    const root = sampleRepository()
    rmSync(join(root, 'docs'), { recursive: true, force: true })
    mkdirSync(join(root, 'docs'))
    writeFileSync(join(root, 'docs/db'), 'a file where a folder is needed')
    const before = treeOf(root)
    expect(await newTable(root, good)).toMatchObject({ exitCode: 3, codes: ['DISK'] })
    expect(treeOf(root)).toEqual(before)
  })
})
