/** Names of indexes that people read: the table, what it is by, and its kind. */
import type { IndexPlan } from '../design/plan.ts'
import { composedName } from '../sql/identifier.ts'

export function indexName({ table, method, keys, include, where }: Pick<IndexPlan, 'table' | 'method' | 'keys' | 'include' | 'where'>, taken: ReadonlySet<string> = new Set()): string {
  const suffix = method === 'btree' ? 'idx' : `${method}_idx`
  const words = keys.map(({ column, expression }) => (expression ? column.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_').replaceAll(/^_+|_+$/g, '').slice(0, 24) : column))
  const partial = where === null || where === 'deleted_at is null' ? [] : ['partial']
  const short = [table.name, ...words, ...partial]
  const options = [short, [...short, 'covering'], ...Array.from({ length: 99 }, (_one, place) => [...short, String(place + 2)])]
  const names = options.filter((_option, place) => place !== 1 || include.length > 0).map((parts) => composedName(parts, suffix))
  return names.find((name) => !taken.has(name)) ?? composedName(short, suffix)
}
