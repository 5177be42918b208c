/** A draft as the text of a spec, in block style, ready to be edited by hand. */
import { Document, visit } from 'yaml'
import type { SpecInput } from '../design/input.ts'

const header = ' Change it by hand, then run: npx trr-db generate %'

/** The same draft gives the same text. Keys stand in the order of the reference. */
export function specText(draft: SpecInput): string {
  const { design, story, schema, tenancy, tables, queries, privacy, files } = draft
  const tenant = tenancy?.model === 'none' ? undefined : tenancy
  const ordered = { design, story, schema, tenancy: tenant, tables, queries: isEmpty(queries) ? undefined : queries, privacy, files }
  const document = new Document(JSON.parse(JSON.stringify(ordered)) as object)
  document.commentBefore = header.replace('%', design)
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && node.value.length > 90) node.type = 'BLOCK_FOLDED'
    },
  })
  return document.toString({ lineWidth: 100 })
}

function isEmpty(object: object | undefined): boolean {
  return object === undefined || Object.keys(object).length === 0
}
