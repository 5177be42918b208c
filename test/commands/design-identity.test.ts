/** What a name stands for: the wrong spec, a lost lock. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { emptyFolder, sampleRepository, treeOf } from '../support/sample-repository.ts'

const ratings = 'references/examples/designs/show_ratings.yaml'
const newTable = (root: string, answers: string) => runCli(['new-table', '--answers', answers, '--cwd', root, '--yes'])

test('a design on its way through a repository', async () => {
  const root = sampleRepository()
  expect(await newTable(root, ratings)).toMatchObject({ code: 0 })
  const written = treeOf(root)

  const other = join(emptyFolder(), 'other.yaml')
  writeFileSync(other, readFileSync(ratings, 'utf8').replace('\n  show_ratings:', '\n  show_marks:').replaceAll('table: show_ratings', 'table: show_marks'))
  const refused = await newTable(root, other)
  expect({ ...refused, stderr: refused.stderr.replace(/\s+/g, ' ') }).toMatchObject({ code: 2, stderr: expect.stringMatching(/:1:9 SPEC_DUPLICATE There is a design "show_ratings" with other tables: show_ratings\./) })
  expect(treeOf(root)).toEqual(written)

  rmSync(join(root, 'supabase/designs/show_ratings.lock.yaml'))
  const lost = await runCli(['generate', 'show_ratings', '--cwd', root, '--yes'])
  expect({ ...lost, stderr: lost.stderr.replace(/\s+/g, ' ') }).toMatchObject({ code: 3, stderr: expect.stringContaining('git checkout -- supabase/designs/show_ratings.lock.yaml') })
})
