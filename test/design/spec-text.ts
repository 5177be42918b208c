/** Specs for tests: a small valid one, with parts put in. `¦` marks the place that an issue must point to. */
import { TrrError } from '../../generators/errors.ts'
import type { Catalog } from '../../generators/design/catalog.ts'
import { habitsOf } from '../../generators/design/habits.ts'
import { readSpec } from '../../generators/design/read-spec.ts'
import type { ColumnSpec, Spec, TableSpec } from '../../generators/design/spec.ts'
import { sampleCatalog } from './sample-catalog.ts'

export interface Parts {
  top?: string
  /** Lines of the table `notes`. */
  table?: string
  /** Lines of its columns. */
  columns?: string
  access?: string
}

export const organization = `
tenancy:
  model: organization
  organizations: core.organizations
  memberships: { table: core.org_memberships, role: role, where: "status = 'active'" }
  roles: [viewer, editor, admin, owner]
`

export function specText({ top = '', table = '', columns = 'title: text', access = 'service_only' }: Parts): string {
  return [
    'design: notes',
    'story: People take notes.',
    'schema: core',
    ...lines(top, 0),
    'tables:',
    '  notes:',
    '    about: A note.',
    '    columns:',
    ...lines(columns, 6),
    ...(access.includes('\n') ? ['    access:', ...lines(access, 6)] : [`    access: ${access}`]),
    ...lines(table, 4),
    '',
  ].join('\n')
}

function lines(text: string, indent: number): string[] {
  return text.split('\n').filter((line) => line.trim() !== '').map((line) => ' '.repeat(indent) + line)
}

export function read(text: string, catalog: Catalog = sampleCatalog): Promise<Spec> {
  return readSpec({ text, file: 'notes.yaml' }, { catalog, habits: habitsOf(catalog, { apiSchemas: ['public', 'core'] }) })
}

export async function readTable(parts: Parts, catalog?: Catalog): Promise<TableSpec> {
  const { tables } = await read(specText(parts), catalog)
  const table = tables.find((candidate) => candidate.name === 'notes')
  if (!table) throw new Error('no table')
  return table
}

export function columnIn(table: TableSpec, name: string): ColumnSpec {
  const column = table.columns.find((candidate) => candidate.name === name)
  if (!column) throw new Error(`no column ${name}`)
  return column
}

/** `CODE line:column` of every issue, what the marks ask for, and the issues without a remedy. */
export async function issuesOf(marked: string, catalog?: Catalog): Promise<{ found: string[]; places: string[]; messages: string; bare: string[] }> {
  const places: string[] = []
  let text = marked
  for (let at = text.indexOf('¦'); at !== -1; at = text.indexOf('¦')) {
    const before = text.slice(0, at).split('\n')
    places.push(`${before.length}:${(before.at(-1)?.length ?? 0) + 1}`)
    text = text.slice(0, at) + text.slice(at + 1)
  }
  try {
    await read(text, catalog)
    return { found: [], places, messages: '', bare: [] }
  } catch (error) {
    if (!(error instanceof TrrError)) throw error
    return { found: error.issues.map((issue) => `${issue.code} ${issue.place?.line}:${issue.place?.column}`), places, messages: error.message, bare: error.issues.filter(({ remedy }) => !remedy).map(({ message }) => message) }
  }
}
