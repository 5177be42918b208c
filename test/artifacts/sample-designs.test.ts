/** The pages of the sample designs: diagrams parse, and every `sql` block runs as it stands, as role postgres. */
import { expect, test } from 'vitest'
import { renderDocuments } from '../../generators/artifacts/index.ts'
import { splitStatements } from '../../generators/sql/parser.ts'
import { provedEvidence } from '../support/document-input.ts'
import { fencedBlocks } from '../support/fenced-blocks.ts'
import { mermaid } from '../support/mermaid-parser.ts'
import { examples, sampleServer } from '../support/sample-server.ts'

const sample = sampleServer()

test.each(examples)('%s', async (name) => {
  const { server, planned } = sample()
  const { design } = await planned(name)
  // Supabase's advisor reports a function without it (0011).
  for (const { definition, exists } of design.plan.functions) if (!exists) expect(definition).toContain("set search_path = ''")
  const pages = await renderDocuments({ ...design, evidence: provedEvidence(design.plan, design.phases) })
  const database = await server.createDatabase()
  await using session = await database.connect()
  for (const { migration } of design.phases)
    for (const { sql } of splitStatements(design.sql.find(({ path }) => path === migration)?.text ?? '')) await session.query(sql)
  const failed: string[] = []
  let ran = 0
  for (const page of pages)
    for (const { sql } of fencedBlocks(page.text, 'sql').flatMap(splitStatements)) {
      ran += 1
      await session.query(sql).catch((error: Error) => failed.push(`${page.path}: ${error.message}\n${sql}`))
    }
  expect(failed).toEqual([])
  for (const diagram of pages.flatMap((page) => fencedBlocks(page.text, 'mermaid'))) expect(await mermaid.parse(diagram)).toMatchObject({ diagramType: diagram.startsWith('xychart-beta') ? 'xychart' : 'er' })
  expect(ran).toBeGreaterThan(10)
})
