import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { emptyFolder, sampleRepository, treeOf } from '../support/sample-repository.ts'

const answers = 'references/examples/designs/show_ratings.yaml'
const spec = 'supabase/designs/show_ratings.yaml'
const page = 'docs/db/show_ratings/README.md'
const index = 'supabase/schema_docs/INDEX.md'
const policies = 'supabase/migrations/0019_show_ratings_rls.sql'

interface Document {
  ok: boolean
  result: string
  exitCode: number
  files: { path: string; action: string }[]
  issues: { code: string; message: string; remedy?: string; place?: object }[]
  evidence: Record<string, { status: string }>
}

async function json(argv: string[], root: string): Promise<Document> {
  const { stdout } = await runCli([...argv, '--cwd', root, '--json'])
  return JSON.parse(stdout) as Document
}

async function generate(root: string): Promise<Document> {
  const { designs, ...document } = (await json(['generate', 'show_ratings'], root)) as Document & { designs: Document[] }
  return { ...designs[0], ...document } as Document
}

/** Proved and written once; tests that go on from there copy it. */
let written: string
let first: Document
let before: Record<string, string>

beforeAll(async () => {
  written = mkdtempSync(join(tmpdir(), 'trr-db-test-'))
  cpSync('references/examples/trr', written, { recursive: true })
  before = treeOf(written)
  first = await json(['new-table', '--answers', answers], written)
})

afterAll(() => rmSync(written, { recursive: true, force: true }))

function copy(): string {
  const root = emptyFolder()
  cpSync(written, root, { recursive: true })
  return root
}

describe('new-table --answers', () => {
  it('writes proved files, and the spec byte for byte', () => {
    expect(first).toMatchObject({ ok: true, command: 'new-table', exitCode: 0, result: 'written', design: 'show_ratings', issues: [] })
    expect(Object.values(first.evidence).filter((proof) => proof.status === 'failed')).toEqual([])
    const tree = treeOf(written)
    for (const { path, action } of first.files) {
      expect(action).toBe(path === index ? 'update' : 'create')
      expect(tree).toHaveProperty([path])
    }
    expect(readFileSync(join(written, spec))).toEqual(readFileSync(answers))
    const { [index]: _merged, ...others } = before
    expect(tree).toMatchObject(others)
  })

  it('changes no byte the second time, and says so', async () => {
    const root = copy()
    const { stdout, code } = await runCli(['new-table', '--answers', answers, '--cwd', root])
    expect(code).toBe(0)
    expect(stdout).toContain('Nothing to write: show_ratings is already as its spec says.')
    expect(treeOf(root)).toEqual(treeOf(written))
  })

  it('asks nobody when nobody is there', async () => {
    const root = sampleRepository()
    expect(await json(['new-table'], root)).toMatchObject({ ok: false, exitCode: 2, issues: [{ code: 'USAGE' }] })
    expect(await json(['new-table', 'notes', '--answers', answers], root)).toMatchObject({ exitCode: 2, issues: [{ code: 'USAGE' }] })
  })
})

// Two proofs in a row, on a machine that may have other things to do.
describe('generate', { timeout: 180_000 }, () => {
  it('shows the difference and writes what the edit means', async () => {
    const root = copy()
    edit(root, spec, 'What one source said about a show on one day.', 'The word of one source on one day.')
    const { stdout, code } = await runCli(['generate', 'show_ratings', '--cwd', root])
    expect(code).toBe(0)
    expect(stdout).toContain('-comment on table core.show_ratings is \'What one source said about a show on one day.\';')
    expect(stdout).toContain('+comment on table core.show_ratings is \'The word of one source on one day.\';')
    expect(readFileSync(join(root, 'supabase/migrations/0018_show_ratings.sql'), 'utf8')).toContain('The word of one source')
  })

  it('leaves an edited page alone, and does not nag about it', async () => {
    const root = copy()
    appendFileSync(join(root, page), '\nA remark of ours.\n')
    const tree = treeOf(root)
    const document = await generate(root)
    expect(document).toMatchObject({ exitCode: 0, result: 'unchanged' })
    expect(document.files).toContainEqual(expect.objectContaining({ path: page, action: 'keep' }))
    expect(treeOf(root)).toEqual(tree)
  })

  it('keeps an edited page when something new was generated for it, again and again, and exits 1', async () => {
    const root = copy()
    appendFileSync(join(root, page), '\nA remark of ours.\n')
    edit(root, spec, 'What one source said about a show on one day.', 'The word of one source on one day.')
    for (const result of ['written', 'unchanged']) {
      const document = await generate(root)
      expect(document).toMatchObject({ ok: false, exitCode: 1, result, issues: [{ code: 'FILE_EDITED', place: { file: page } }] })
      expect(readFileSync(join(root, page), 'utf8')).toContain('A remark of ours.')
    }
  })

  it('proves the edit of a migration, and writes nothing when it is wrong', async () => {
    const root = copy()
    appendFileSync(join(root, policies), '\ngrant insert on core.show_ratings to anon;\ncreate policy open_door on core.show_ratings for insert to anon with check (true);\n')
    const tree = treeOf(root)
    const document = await generate(root)
    expect(document).toMatchObject({ exitCode: 1, result: 'failed', evidence: { access: { status: 'failed' } } })
    expect(document.issues[0]?.code).toBe('PROOF_FAILED')
    expect(treeOf(root)).toEqual(tree)
  })

  it('writes after a failed proof only when told to, and the review stays open', async () => {
    const root = copy()
    appendFileSync(join(root, policies), '\ngrant insert on core.show_ratings to anon;\ncreate policy open_door on core.show_ratings for insert to anon with check (true);\n')
    const { code } = await runCli(['generate', 'show_ratings', '--write-anyway', '--cwd', root])
    expect(code).toBe(1)
    expect(readFileSync(join(root, 'docs/db/show_ratings/review.md'), 'utf8')).toContain('- [ ]')
    expect(readFileSync(join(root, policies), 'utf8')).toContain('open_door')
  })

  it('does not rewrite history', async () => {
    const root = copy()
    const git = (...argv: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...argv], { cwd: root, stdio: 'ignore' })
    git('init', '-b', 'main')
    git('add', '.')
    git('commit', '-m', 'shipped')
    expect(await generate(root)).toMatchObject({ result: 'unchanged' })
    edit(root, spec, 'check: votes >= 0', 'check: votes > -2')
    const tree = treeOf(root)
    const document = await json(['generate', 'show_ratings'], root)
    expect(document).toMatchObject({ ok: false, exitCode: 2, issues: [{ code: 'SPEC_HISTORY' }] })
    expect(treeOf(root)).toEqual(tree)
  })

  it('knows the designs by name', async () => {
    expect(await json(['generate', 'show_rating'], copy())).toMatchObject({ exitCode: 2, issues: [{ code: 'USAGE', remedy: 'Did you mean "show_ratings"?' }] })
  })
})

describe('verify', { timeout: 180_000 }, () => {
  it('proves what is on disk', async () => {
    const root = copy()
    expect(await json(['verify'], root)).toMatchObject({ ok: true, exitCode: 0, designs: [{ ok: true, design: 'show_ratings' }] })
    appendFileSync(join(root, policies), '\ngrant insert on core.show_ratings to anon;\ncreate policy open_door on core.show_ratings for insert to anon with check (true);\n')
    const tree = treeOf(root)
    const document = await json(['verify'], root)
    expect(document).toMatchObject({ ok: false, exitCode: 1, designs: [{ ok: false, evidence: { access: { status: 'failed' } } }] })
    expect(treeOf(root)).toEqual(tree)
  })
})

function edit(root: string, path: string, from: string, to: string): void {
  const text = readFileSync(join(root, path), 'utf8')
  expect(text).toContain(from)
  writeFileSync(join(root, path), text.replace(from, to))
}
