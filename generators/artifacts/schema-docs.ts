import type { DocumentedTable, SchemaDocsState } from '../design/documented-table.ts'
import type { PlannedFile } from '../design/planned-file.ts'
import { defineArtifact } from './define-artifact.ts'
import { docName, documentedSchemas, mergeIndex, tableFiles } from './schema-docs/folder.ts'

/** The repository's own description of its tables. A design touches the tables that it made or changed, and no other. */
export const schemaDocs = defineArtifact({
  id: 'schema-docs',
  title: 'Schema docs of new and changed tables',
  stage: 'document',
  render: async ({ plan, schemaDocs: state }) => (state ? docsOfDesign(state, plan.spec.schema) : []),
})

/** Files of the design alone: those of the tables between `before` and `after` that differ. */
async function docsOfDesign(state: SchemaDocsState, main: string): Promise<PlannedFile[]> {
  const schemas = documentedSchemas(state.files, main)
  const before = new Map(state.before.map((table) => [docName(table), table]))
  const after = new Set(state.after.map(docName))
  const known = new Set(state.known.map((file) => file.replace(/\.(json|md)$/, '')))
  const touched = state.after.filter((table) => schemas.has(table.schema) && (known.has(docName(table)) || differs(table, before.get(docName(table)))))
  const gone = [...known].filter((name) => !after.has(name))
  if (touched.length === 0 && gone.length === 0) return []
  const files = await Promise.all(touched.map((table) => tableFiles(table, before.get(docName(table)) ?? null)))
  return [...files.flat(), mergeIndex(state.files['INDEX.md'], touched.map(docName), gone)]
}

function differs(table: DocumentedTable, before: DocumentedTable | undefined): boolean {
  return JSON.stringify(table) !== JSON.stringify(before)
}
