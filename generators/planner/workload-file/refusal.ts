/** Why the server does not plan a statement, with the name that was probably meant. */
import type { Catalog } from '../../design/catalog.ts'
import { nearest } from '../../design/nearest.ts'
import { isSystemSchema } from '../../design/system-schemas.ts'
import { walk } from '../../sql/parser.ts'
import type { FileStatement } from './read-workload.ts'

export function refusalWords(message: string, { at, tree }: Pick<FileStatement, 'at' | 'tree'>, catalog: Catalog): string {
  const meant = meantBy(message, tree, catalog)
  return `${at}: ${message}${meant === null ? '' : `. Did you mean ${meant}?`}`
}

function meantBy(message: string, tree: FileStatement['tree'], catalog: Catalog): string | null {
  const tables = catalog.tables.filter(({ schema }) => !isSystemSchema(schema))
  const shown = ({ schema, name }: { schema: string; name: string }) => (schema === 'public' ? name : `${schema}.${name}`)
  const relation = /^relation "(.+)" does not exist$/.exec(message)?.[1]
  if (relation !== undefined) {
    const own = relation.split('.').at(-1) ?? ''
    const elsewhere = tables.filter(({ name }) => name === own).map(shown)
    const near = nearest(own, tables.map(({ name }) => name))
    return elsewhere[0] ?? nearest(relation, tables.map(shown)) ?? tables.filter(({ name }) => name === near).map(shown)[0] ?? null
  }
  const column = /^column (?:"([^"]+)"|(\S+)) (?:of relation "[^"]+" )?does not exist$/.exec(message)
  if (column) {
    const read = new Set<string>()
    walk(tree, (type, node) => {
      const { relname } = (type === 'RangeVar' ? node : (node['relation'] ?? {})) as { relname?: string }
      if (relname !== undefined) read.add(relname)
    })
    return nearest((column[1] ?? column[2] ?? '').split('.').at(-1) ?? '', tables.filter(({ name }) => read.has(name)).flatMap(({ columns }) => columns.map(({ name }) => name)))
  }
  const role = /^role "(.+)" does not exist$/.exec(message)?.[1]
  return role === undefined ? null : nearest(role, catalog.roles.map(({ name }) => name))
}
