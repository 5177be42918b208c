/** What a reviewer should know about a query that is given as SQL. */
import type { Catalog } from '../design/catalog.ts'
import type { QuerySpec, Spec } from '../design/spec.ts'
import { type Node, parseTree, walk } from '../sql/parser.ts'
import { leakyWarning, queriedTable } from './queries.ts'
import { scansOf } from './raw-query.ts'

const leaky: Record<string, string> = { '~~': 'like', '~~*': 'ilike', '@>': '@>', '<@': '<@', '&&': '&&', '@@': '@@' }
const comparing = new Set(['=', '<', '<=', '>', '>='])

/** Operators of a client that filter after the policy, whatever indexes there are. */
export function rawWarnings(query: QuerySpec, spec: Spec, catalog: Catalog): string[] {
  if (query.sql === null || query.as === 'service_role') return []
  const tables = scansOf(query, spec, catalog).flatMap(({ table }) => (table ? [queriedTable(spec, catalog, table.schema, table.name)] : []))
  const typeOf = (name: string) => tables.flatMap((table) => table?.columns ?? []).find((column) => column.name === name)?.type
  const found = new Set<string>()
  walk(parseTree(query.sql), (type, node) => {
    const operator = (node['name'] as { String?: { sval: string } }[] | undefined)?.at(-1)?.String?.sval ?? ''
    const column = columnIn(node['lexpr'] as Node | undefined)
    const columnType = column === null ? undefined : typeOf(column)
    if (type !== 'A_Expr' || column === null || columnType === undefined) return
    const isSlow = comparing.has(operator) && (/^(numeric|decimal)/.test(columnType) || catalog.types.some(({ schema, name, kind }) => kind === 'enum' && (columnType === `${schema}.${name}` || (schema === 'public' && columnType === name))))
    if (leaky[operator] !== undefined || isSlow) found.add(leakyWarning(`\`${column} ${leaky[operator] ?? operator}\`${isSlow ? ` of ${columnType}` : ''}`, query.as))
  })
  return [...found]
}

function columnIn(node: Node | undefined): string | null {
  const fields = (node?.['ColumnRef'] as { fields: { String?: { sval: string } }[] } | undefined)?.fields
  return fields?.at(-1)?.String?.sval ?? null
}
