/** What holds for every page of every design. */
import { describe, expect, test } from 'vitest'
import { renderDocuments } from '../../generators/artifacts/index.ts'
import type { PlannedFile } from '../../generators/design/planned-file.ts'
import { splitStatements } from '../../generators/sql/parser.ts'
import { documentInput, ratings, submissions } from '../support/document-input.ts'
import { fencedBlocks } from '../support/fenced-blocks.ts'

const bare = { ...ratings(), design: 'bare', queries: [], story: ['Nothing but a table.'] }
const inputs = await Promise.all([submissions(), ratings(), bare].map((given) => documentInput(given)))
const pages: PlannedFile[] = (await Promise.all(inputs.map(renderDocuments))).flat()

test('six pages for each design, and the same bytes again', async () => {
  expect(pages.slice(0, 6).map(({ path }) => path)).toEqual(['README', 'access', 'indexes', 'rollout', 'verification', 'review'].map((name) => `docs/db/submissions/${name}.md`))
  expect((await Promise.all(inputs.map(renderDocuments))).flat()).toEqual(pages)
})

describe.each(pages)('$path', ({ text }) => {
  test('has no empty section and no hole', () => {
    const outside = text.replace(/^(`{3,}).*\n[\s\S]*?\n\1$/gm, 'block')
    expect(outside).not.toMatch(/^##+ .*\n+(?=#{1,2} |$(?![\s\S]))/m)
    expect(outside).not.toMatch(/undefined|\[object|NaN|<%/)
    expect(text).not.toMatch(/\n{3,}|[ \t]\n/)
    expect(text.endsWith('\n')).toBe(true)
  })

  test('has tables whose rows are as wide as their heads', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'))
    let width = 0
    let previous = ''
    for (const line of text.split('\n')) {
      if (!line.startsWith('|')) width = 0
      else if (width === 0) width = cells(line)
      else expect([previous, cells(line)]).toEqual([previous, width])
      previous = line
    }
    expect(rows.filter((line) => /^\|(\s*\|)+$/.test(line))).toEqual([])
  })

  test('has SQL that parses, to the last statement', () => {
    for (const info of ['sql', 'sql definition', 'sql requires=pg_stat_statements', 'sql requires=no-transaction'])
      for (const block of fencedBlocks(text, info)) expect(splitStatements(block).length).toBeGreaterThan(0)
  })

  test('links to files that are generated with it', () => {
    const known = new Set([...pages.map(({ path }) => path), ...inputs.flatMap((input) => [...input.sql.map(({ path }) => path), input.specPath, input.specPath.replace('.yaml', '.lock.yaml')])])
    const targets = [...text.matchAll(/\]\(((?:\.\.\/)+)?([^)]+)\)/g)].map(([, up, target = '']) => (up ? target : (pages.find((page) => page.text === text)?.path.replace(/[^/]+$/, '') ?? '') + target))
    expect(targets.filter((target) => !known.has(target))).toEqual([])
  })
})

function cells(line: string): number {
  return line.replaceAll('\\|', '').split('|').length
}
