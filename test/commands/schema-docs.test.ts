/** Schema docs through the built program: what a design does to them, and the command that writes them all. */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { emptyFolder, sampleRepository, treeOf } from '../support/sample-repository.ts'

const folder = 'supabase/schema_docs'
const doc = `${folder}/core.show_ratings`
let written: Record<string, string>

async function json(argv: string[], root: string): Promise<{ exitCode: number; result: string; stale: string[]; designs: { result: string; issues: { code: string; remedy: string }[] }[] }> {
  const { stdout } = await runCli([...argv, '--cwd', root, '--json'])
  return JSON.parse(stdout) as Awaited<ReturnType<typeof json>>
}

const answer = (design: string) => `references/examples/designs/${design}.yaml`

function put(files: Record<string, string>, root: string = emptyFolder()): string {
  cpSync('references/examples/trr', root, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

beforeAll(async () => {
  const root = put({}, mkdtempSync(join(tmpdir(), 'trr-db-test-')))
  expect((await json(['new-table', '--answers', answer('show_ratings')], root)).exitCode).toBe(0)
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path))
  written = Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
  rmSync(root, { recursive: true })
})

describe('a design', () => {
  it('adds its table to the folder and to the index, and rewrites no other file', () => {
    const sample = treeOf('references/examples/trr')
    const tree = treeOf(put(written))
    const changed = Object.keys(tree).filter((path) => path.startsWith(folder) && tree[path] !== sample[path])
    expect(changed).toEqual([`${folder}/INDEX.md`, `${doc}.json`, `${doc}.md`])
    const described = JSON.parse(written[`${doc}.json`] ?? '') as { columns: { name: string }[]; rls_enabled: boolean; foreign_keys: { references: string }[] }
    expect(described.columns.map(({ name }) => name)).toContain('show_id')
    expect(described).toMatchObject({ rls_enabled: true })
    expect(described.foreign_keys.map(({ references }) => references)).toContain('core.shows.id')
    expect(written[`${folder}/INDEX.md`]).toContain('- [core.show_ratings](core.show_ratings.md)\n- [core.shows]')
    expect(written['supabase/designs/show_ratings.lock.yaml']).not.toContain('INDEX.md')
  })

  it('changes nothing the second time, and shares the index with the next design', async () => {
    const root = put(written)
    expect((await json(['new-table', '--answers', answer('import_runs')], root)).exitCode).toBe(0)
    const before = treeOf(root)
    expect((await json(['generate', 'show_ratings'], root)).designs).toMatchObject([{ result: 'unchanged' }])
    expect(treeOf(root)).toEqual(before)
    expect(await json(['schema-docs', '--check'], root)).toMatchObject({ exitCode: 0, result: 'unchanged' })
  }, 240_000)

  it('keeps an edit by hand', async () => {
    const root = put(written)
    appendFileSync(join(root, `${doc}.md`), '\n\nAsk Ana.')
    const before = treeOf(root)
    expect((await json(['generate', 'show_ratings'], root)).exitCode).toBe(0)
    expect(treeOf(root)).toEqual(before)
    expect(await json(['schema-docs', '--check'], root)).toMatchObject({ exitCode: 1, stale: [`${doc}.md`] })
  })

  it('leaves a repository without schema docs alone', async () => {
    const root = sampleRepository()
    rmSync(join(root, folder), { recursive: true })
    expect((await json(['new-table', '--answers', answer('show_ratings')], root)).exitCode).toBe(0)
    expect(Object.keys(treeOf(root)).filter((path) => path.includes('schema_docs'))).toEqual([])
    expect(await json(['schema-docs', '--check'], root)).toMatchObject({ exitCode: 0, result: 'none' })
  })
})

describe('schema-docs', () => {
  it('finds the sample up to date', async () => {
    const { stdout, code } = await runCli(['schema-docs', '--check', '--cwd', 'references/examples/trr'])
    expect(stdout).toBe('supabase/schema_docs is up to date: 9 tables of core.\n')
    expect(code).toBe(0)
  })

  it('names what is stale, missing and left over, writes it, and is then done', async () => {
    const root = sampleRepository()
    const fresh = treeOf(root)
    writeFileSync(join(root, folder, 'core.shows.md'), 'old')
    writeFileSync(join(root, folder, 'core.gone.json'), '{}')
    rmSync(join(root, folder, 'core.people.json'))
    const broken = treeOf(root)
    const stale = ['core.gone.json', 'core.people.json', 'core.shows.md'].map((name) => `${folder}/${name}`)
    const checked = await json(['schema-docs', '--check'], root)
    expect(checked).toMatchObject({ exitCode: 1, result: 'stale' })
    expect(checked.stale.toSorted()).toEqual(stale)
    expect(treeOf(root)).toEqual(broken)
    expect(await json(['schema-docs'], root)).toMatchObject({ exitCode: 0, result: 'written' })
    expect(treeOf(root)).toEqual(fresh)
  })
})
