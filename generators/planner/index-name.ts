/** Names of indexes that people read: the table, what it is by, and its kind. */
import type { Catalog } from '../design/catalog.ts'
import type { IndexPlan } from '../design/plan.ts'
import { composedName } from '../sql/identifier.ts'

type Named = Pick<IndexPlan, 'table' | 'method' | 'keys' | 'include' | 'where'>

/** `taken`: names in the schema of the table. Where the short name is, the rows and then the columns that it holds tell two apart. */
export function indexName({ table, method, keys, include, where }: Named, taken: ReadonlySet<string> = new Set()): string {
  const suffix = method === 'btree' ? 'idx' : `${method}_idx`
  const short = [table.name, ...keys.map(({ column, expression }) => (expression ? (words(column)?.slice(0, 24) ?? 'expression') : column))]
  const partial = where === null || where === live ? [] : ['partial']
  const rows = where === null ? null : where === live ? 'live' : words(where)
  const options = [
    [...short, ...partial],
    ...(rows === null ? [] : [[...short, rows]]),
    ...(include.length > 0 ? [[...short, ...partial, 'covering'], [...short, ...(rows === null ? [] : [rows]), 'covering']] : []),
    ...Array.from({ length: 99 }, (_one, place) => [...short, ...partial, String(place + 2)]),
  ]
  const names = options.map((parts) => composedName(parts, suffix))
  return names.find((name) => !taken.has(name)) ?? composedName(short, suffix)
}

/** Of several, in their order. */
export function indexNames(indexes: readonly Named[], takenIn: (schema: string) => Iterable<string>): string[] {
  const taken = new Map<string, Set<string>>()
  return indexes.map((index) => {
    const { schema } = index.table
    const names = taken.get(schema) ?? new Set(takenIn(schema))
    taken.set(schema, names)
    const name = indexName(index, names)
    names.add(name)
    return name
  })
}

/** Tables, views and indexes of a schema share their names. */
export function relationNames({ tables }: Catalog, schema: string): string[] {
  return tables.filter((table) => table.schema === schema).flatMap(({ name, indexes }) => [name, ...indexes.map((index) => index.name)])
}

const live = 'deleted_at is null'

/** What of SQL can stand in a name: `status = 'in review'` is `status_in_review`. */
function words(sql: string): string | null {
  return sql.toLowerCase().replaceAll(/::[a-z ]+/g, ' ').replaceAll(/[^a-z0-9_]+/g, '_').replaceAll(/^_+|_+$/g, '') || null
}
