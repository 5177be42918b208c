/** Operators beyond order and equality: containment, search, ranges, likeness, distance. */
import { type CandidateContext, type IndexCandidate, candidate, plainKey } from './candidate.ts'
import type { Comparison } from './comparison.ts'
import { scanKeys } from './scan-keys.ts'

export function special(context: CandidateContext): IndexCandidate[] {
  const compared = context.scan.comparisons.filter(({ kind }) => kind === 'special' || kind === 'prefix').flatMap((one) => ofComparison(one, context))
  return [...compared, ...context.scan.orders.flatMap(([first]) => (first ? nearest(first.key, context) : []))]
}

function ofComparison({ key, operator, kind }: Comparison, context: CandidateContext): IndexCandidate[] {
  const type = context.table.columns.find(({ name }) => name === key.text)?.type ?? ''
  const make = (method: IndexCandidate['method'], operatorClass: string | null = null) => candidate(context, method, [plainKey(key, operatorClass)], { method })
  const isText = /^(text|character|varchar|citext)/.test(type) || (key.isExpression && type === '')
  if (kind === 'prefix' || ['~~*', '~', '~*', '%', '<%', '%>', '~~'].includes(operator)) return isText ? likeness(context, key, kind === 'prefix') : []
  if (type === 'jsonb') return [...(['@>', '@?', '@@'].includes(operator) ? [make('gin', 'jsonb_path_ops')] : []), make('gin')]
  if (type.endsWith('range')) return [make('gist'), ...(context.extensions.has('btree_gist') ? withEquality(context, key, 'gist') : [])]
  if (['point', 'box', 'circle', 'polygon', 'inet', 'cidr'].includes(type)) return type === 'inet' || type === 'cidr' ? [make('gist', 'inet_ops')] : [make('gist')]
  if (/^(\w+\.)?(geometry|geography)/.test(type)) return [make('gist')]
  if (type.endsWith('[]') || type === 'tsvector' || type === 'hstore' || key.isExpression) return [make('gin'), ...(context.extensions.has('btree_gin') ? withEquality(context, key, 'gin') : [])]
  return []
}

/** Prefixes in a btree, anything in the middle by its trigrams. */
function likeness(context: CandidateContext, key: Comparison['key'], isPrefix: boolean): IndexCandidate[] {
  const { equal } = scanKeys(context)
  const byPrefix = isPrefix ? [candidate(context, 'prefix', [plainKey(key, 'text_pattern_ops')]), ...(equal.length > 0 ? [candidate(context, 'prefix', [...equal.slice(0, 2).map((one) => plainKey(one)), plainKey(key, 'text_pattern_ops')])] : [])] : []
  return [...byPrefix, ...(context.extensions.has('pg_trgm') ? [candidate(context, 'gin', [plainKey(key, 'gin_trgm_ops')], { method: 'gin' })] : [])]
}

/** The tenant or the like in the same index, by an extension. */
function withEquality(context: CandidateContext, key: Comparison['key'], method: 'gin' | 'gist'): IndexCandidate[] {
  const [first] = scanKeys(context).equal
  return first && !first.isExpression ? [candidate(context, method, [plainKey(first), plainKey(key)], { method })] : []
}

/** `order by embedding <-> $1 limit 10`. */
function nearest(key: Comparison['key'], context: CandidateContext): IndexCandidate[] {
  const operator = /(<->|<=>|<#>|<\+>)/.exec(key.text)?.[1]
  const column = context.table.columns.find(({ name }) => key.isExpression && key.columns.length === 1 && key.columns[0] === name)
  if (!operator || !column) return []
  const term = { text: column.name, isExpression: false, columns: [column.name] }
  if (/^(\w+\.)?(vector|halfvec)/.test(column.type)) {
    const kind = { '<->': 'l2', '<=>': 'cosine', '<#>': 'ip', '<+>': 'l1' }[operator]
    return [candidate(context, 'hnsw', [plainKey(term, `${/halfvec/.test(column.type) ? 'halfvec' : 'vector'}_${kind}_ops`)], { method: 'hnsw' })]
  }
  return /^(point|box|circle|polygon|text|geometry)/.test(column.type) ? [candidate(context, 'gist', [plainKey(term, column.type === 'text' ? 'gist_trgm_ops' : null)], { method: 'gist' })] : []
}
