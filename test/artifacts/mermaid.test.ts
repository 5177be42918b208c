/** Every diagram is accepted by the parser that GitHub uses. */
import { expect, test } from 'vitest'
import { entityDiagram } from '../../generators/artifacts/pages/erd.ts'
import { renderDocuments } from '../../generators/artifacts/index.ts'
import { documentInput, ratings, submissions } from '../support/document-input.ts'
import { fencedBlocks } from '../support/fenced-blocks.ts'
import { mermaid } from '../support/mermaid-parser.ts'
import { column, spec, table } from '../support/specs.ts'

async function diagramType(text: string): Promise<string> {
  const parsed = await mermaid.parse(text)
  return parsed ? parsed.diagramType : 'refused'
}

test.each([submissions(), ratings()])('the diagrams of $design', async (given) => {
  const pages = await renderDocuments(await documentInput(given))
  const diagrams = pages.flatMap(({ text }) => fencedBlocks(text, 'mermaid'))
  const types = await Promise.all(diagrams.map(diagramType))
  // Entities once, and how the cost of each query grows.
  expect(types.filter((type) => type === 'er')).toHaveLength(1)
  expect(types.filter((type) => type === 'xychart')).toHaveLength(given.queries.length)
  expect(types).toHaveLength(1 + given.queries.length)
})

test('names and types that Mermaid would not read as one word', async () => {
  const odd = table('select "it" |x|', {
    columns: [column('id', { type: 'uuid', origin: 'id' }), column('größe €', { type: 'numeric(10, 2)' }), column('2nd', { type: 'timestamp with time zone' }), column('end', { type: 'character varying(20)[]' })],
  })
  const { plan, catalog } = await documentInput(spec([odd]))
  const diagram = entityDiagram(plan, catalog)
  expect(await diagramType(diagram)).toBe('er')
  expect(diagram).toContain('timestamptz _2nd')
  expect(diagram).toContain('numeric(10,2)')
})

test('an edge says how many: optional parents, at most one child', async () => {
  const { plan, catalog } = await documentInput(submissions())
  const diagram = entityDiagram(plan, catalog)
  expect(diagram).toContain('core__shows ||--o{ core__submissions : "show_id, on delete cascade"')
  expect(diagram).toContain('auth__users |o--o{ core__submissions : "owner_id, on delete set null"')
  // Neighbours: only the columns that keys use, and the edges between them.
  expect(diagram).toContain('core__organizations ||--o{ core__org_memberships : "org_id"')
  expect(diagram).toMatch(/core\.shows \(existing\)"\]:::existing \{\n {4}uuid id PK\n {2}\}/)
})
