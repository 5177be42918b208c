/** A query that is given as SQL, as far as advice needs to know it. */
import type { QuerySpec } from '../../../design/spec.ts'
import { type SelectText, readSelectText } from '../../../sql/select-text.ts'
import { type Node, parseTree, walk } from '../../../sql/parser.ts'
import { parseSelect } from '../../../sql/expression.ts'
import { queryCandidates } from '../../query-index.ts'
import { scansOf } from '../../raw-query.ts'
import { type AdviceContext, type Asked, type Proposal } from '../proposal.ts'

export interface RawSelect {
  text: SelectText
  /** One for each table, with the conditions that are on it alone. */
  scans: QuerySpec[]
  /** Names by which the tables are called, in the order of `scans`. */
  aliases: string[]
  limit: Node | null
  offset: Node | null
  /** Its rows are sums of others. */
  isAggregate: boolean
  /** Highest `$n`. */
  parameters: number
}

/** Null where the text is more than one SELECT. */
export function rawSelect({ query: { query }, plan: { spec }, catalog }: AdviceContext): RawSelect | null {
  if (query.sql === null) return null
  const text = readSelectText(query.sql)
  const [only, ...others] = parseTree(query.sql)
  const select = only?.stmt['SelectStmt'] as (Node & { fromClause?: Node[]; limitCount?: Node; limitOffset?: Node }) | undefined
  if (!text || !select || others.length > 0) return null
  const scans = scansOf(query, spec, catalog)
  const aliases = scans.map(({ table }) => aliasOf(select.fromClause ?? [], table?.name ?? ''))
  return { text, scans, aliases, limit: select.limitCount ?? null, offset: select.limitOffset ?? null, isAggregate: isAggregate(select), parameters: parseSelect(query.sql).parameters }
}

function aliasOf(from: readonly Node[], name: string): string {
  let found = name
  walk(from, (type, node) => {
    const alias = (node['alias'] as { aliasname?: string } | undefined)?.aliasname
    if (type === 'RangeVar' && node['relname'] === name && alias !== undefined) found = alias
  })
  return found
}

const sums = new Set(['count', 'sum', 'avg', 'min', 'max', 'array_agg', 'string_agg', 'json_agg', 'jsonb_agg', 'json_object_agg', 'jsonb_object_agg', 'bool_and', 'bool_or'])

function isAggregate(select: Node): boolean {
  if (select['groupClause'] !== undefined || select['distinctClause'] !== undefined) return true
  let found = false
  walk(select['targetList'], (type, node) => {
    const names = (node['funcname'] ?? []) as { String?: { sval: string } }[]
    if (type === 'FuncCall' && sums.has(names.at(-1)?.String?.sval ?? '') && node['over'] === undefined) found = true
  })
  return found
}

/** The SQL as it is, or another: types are inferred where the spec does not name them all. */
export function askedRaw(query: QuerySpec, sql: string): Asked {
  return { sql, types: sql === query.sql ? query.params : [], as: query.as, of: query, once: null }
}

/** `scan`: what the other way asks of its table, for an index that would serve it. */
export function insteadRaw({ query: { query }, plan: { spec }, catalog }: AdviceContext, sql: string, { before = query.sql ?? '', scan, ...words }: Pick<Proposal, 'says' | 'remedy' | 'factor'> & { runs?: number; before?: string; scan?: QuerySpec }): Proposal {
  const [index = null] = scan ? queryCandidates(scan, spec, catalog) : []
  return { query, before: askedRaw(query, before), after: askedRaw(query, sql), runs: 1, index, ddl: [], changed: null, ...words }
}
