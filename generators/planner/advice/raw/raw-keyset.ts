import { ident } from '../../../sql/identifier.ts'
import { readSelectText, withClause, withCondition } from '../../../sql/select-text.ts'
import { queriedTable } from '../../queries.ts'
import type { AdviceRule } from '../proposal.ts'
import { insteadRaw, rawSelect } from './raw-select.ts'

/** How deep a page is taken to lie whose offset comes with the call. */
const assumed = 10_000
const deep = 100

/** A page by its offset reads and drops every row before it; by its position it begins there. */
export const rawKeyset: AdviceRule = {
  id: 'keyset',
  propose: (context) => {
    const { query: { query }, plan: { spec }, catalog } = context
    const select = rawSelect(context)
    const rows = offsetOf(select?.offset)
    if (!select?.offset || rows < deep || select.isAggregate) return []
    const ordered = select.scans.findIndex(({ orderBy }) => orderBy.length > 0)
    const scan = select.scans[ordered]
    const read = scan?.table && queriedTable(spec, catalog, scan.table.schema, scan.table.name)
    if (!scan || !read || new Set(scan.orderBy.map(({ direction }) => direction)).size > 1) return []
    const names = [...new Set([...scan.orderBy.map(({ column }) => column), ...read.primaryKey])]
    if (read.primaryKey.length === 0 || names.some((name) => read.columns.some((column) => column.name === name && column.nullable))) return []
    const direction = scan.orderBy[0]?.direction ?? 'asc'
    const alias = ident(select.aliases[ordered] ?? '')
    const position = `(${names.map((name) => `${alias}.${ident(name)}`).join(', ')}) ${direction === 'desc' ? '<' : '>'} (${names.map((_name, place) => `$${select.parameters + place + 1}`).join(', ')})`
    const order = `order by ${names.map((name) => `${alias}.${ident(name)}${direction === 'desc' ? ' desc' : ''}`).join(', ')}`
    const steps = [(text: string) => withClause(parts(text), 'offset', ''), (text: string) => withClause(parts(text), 'order', order), (text: string) => withCondition(parts(text), position)]
    return [
      insteadRaw(context, steps.reduce((text, step) => step(text), select.text.sql), {
        scan: { ...scan, orderBy: names.map((column) => ({ column, direction, nulls: null })), page: { kind: 'keyset', size: deep } },
        before: withClause(select.text, 'offset', `offset ${rows}`),
        says: `At row ${rows}${'A_Const' in select.offset ? '' : ', taken as deep because its offset comes with the call,'} ${query.name} reads and drops all rows before it; a page that begins behind the last row seen costs the same at any depth.`,
        remedy: 'Write it so, with the last row seen as the position',
        factor: 2,
      }),
    ]
  },
}

function offsetOf(node: Record<string, unknown> | null | undefined): number {
  const constant = node?.['A_Const'] as { ival?: { ival?: number } } | undefined
  return constant ? (constant.ival?.ival ?? 0) : node ? assumed : 0
}

function parts(text: string): NonNullable<ReturnType<typeof readSelectText>> {
  return readSelectText(text) ?? { sql: text, clauses: {} }
}
