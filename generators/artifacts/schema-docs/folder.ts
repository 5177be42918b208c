/** The folder of the schema docs: which schemas it covers, and its index. */
import type { DocumentedTable, SchemaDocsState } from '../../design/documented-table.ts'
import type { PlannedFile } from '../../design/planned-file.ts'
import { renderTableDoc } from './table-doc.ts'

export const schemaDocsFolder = 'supabase/schema_docs'

/** Belongs to all designs together, so that no lock holds it. */
export const schemaDocsIndex = `${schemaDocsFolder}/INDEX.md`

const heading = '# Schema Docs Index'

/** Schemas that have a file in the folder; in an empty folder `main` is the one to begin with. */
export function documentedSchemas(files: SchemaDocsState['files'], main: string): Set<string> {
  const schemas = Object.keys(files).flatMap((name) => /^([^.]+)\.[^.]+\.(?:md|json)$/.exec(name)?.[1] ?? [])
  return new Set(schemas.length > 0 ? schemas : [main])
}

/** `core.shows`: the name of the files of a table, without the ending. */
export function docName({ schema, name }: Pick<DocumentedTable, 'schema' | 'name'>): string {
  return `${schema}.${name}`
}

/** Both files of a table. `replaces`: the table as the files may still show it. */
export async function tableFiles(table: DocumentedTable, replaces: DocumentedTable | null): Promise<PlannedFile[]> {
  const [now, old] = [await renderTableDoc(table), replaces && (await renderTableDoc(replaces))]
  return (['json', 'md'] as const).map((ending) => ({
    path: `${schemaDocsFolder}/${docName(table)}.${ending}`,
    kind: 'schema doc',
    text: now[ending],
    ...(old ? { replaces: old[ending] } : {}),
  }))
}

/** The index with names added and taken away; whatever else is in it stays. */
export function mergeIndex(text: string | undefined, add: readonly string[], remove: readonly string[]): PlannedFile {
  const lines = (text ?? `${heading}\n`).split('\n')
  const kept = lines.filter((line) => !remove.includes(entryOf(line) ?? ''))
  for (const name of add) {
    if (kept.some((line) => entryOf(line) === name)) continue
    const next = kept.findIndex((line) => (entryOf(line) ?? '') > name)
    const last = kept.findLastIndex((line) => entryOf(line) !== undefined)
    kept.splice(next !== -1 ? next : last !== -1 ? last + 1 : kept.length, 0, `- [${name}](${name}.md)`)
  }
  return { path: schemaDocsIndex, kind: 'schema doc', text: kept.join('\n'), ...(text === undefined ? {} : { replaces: text }) }
}

/** The table that a line of the index links to. */
function entryOf(line: string): string | undefined {
  return /^- \[([^\]]+)\]\(/.exec(line)?.[1]
}
