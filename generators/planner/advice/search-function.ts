import type { Catalog } from '../../design/catalog.ts'
import { leakyConditions } from '../../design/leaky-conditions.ts'
import { searchFault } from '../../design/reading/check-search-queries.ts'
import type { QuerySpec, Spec } from '../../design/spec.ts'
import { ident } from '../../sql/identifier.ts'
import { planHelpers } from '../helpers.ts'
import type { Candidate } from '../index-candidate.ts'
import { functionOwner } from '../workload.ts'
import { planSearch } from '../search-function.ts'
import { type AdviceRule, asked } from './proposal.ts'

const pageSize = 20

/** `ilike`, `@@`, `@>` and `&&` of a client filter behind the policy; in a function that repeats the rule they can use an index. */
export const searchFunction: AdviceRule = {
  id: 'search-function',
  propose: ({ query: { query }, plan: { spec }, catalog }) => {
    const table = spec.tables.find(({ schema, name }) => schema === query.table?.schema && name === query.table.name)
    if (!table || query.through !== undefined || table.addressee !== undefined) return []
    const orderBy = query.orderBy.length > 0 ? query.orderBy : table.primaryKey.map((column) => ({ column, direction: 'asc' as const, nulls: null }))
    const needed = [...table.primaryKey, ...orderBy.map(({ column }) => column)]
    const paged: QuerySpec = { ...query, orderBy, page: query.page.kind === 'keyset' ? query.page : { kind: 'keyset', size: pageSize }, select: query.select && [...new Set([...query.select, ...needed])] }
    const search: QuerySpec = { ...paged, through: 'function' }
    const index = indexOf(search, spec, catalog)
    if (searchFault(search, spec.tables, spec.tenancy) !== null || index === null) return []
    const { query: { sql, parameters } } = planSearch(search, spec, catalog, planHelpers(spec, catalog).names)
    const [condition] = leakyConditions(query)
    return [
      {
        query, index, runs: 1, factor: 1.5, ddl: [], changed: null, isIndexInSight: true,
        says: `\`${condition?.column} ${condition?.operator}\` is not leakproof: for ${query.as} it filters the rows that the policy lets through, and an index that only the owner of the table could use is left out. A function that repeats the rule of SELECT may use it.`,
        remedy: `Add: through: function${query.page.kind === 'keyset' ? '' : `, and page: keyset ${pageSize}`}`,
        before: asked(paged, spec, catalog),
        after: { sql, types: parameters.map(({ type }) => type), as: functionOwner, of: search, once: 'function' },
      },
    ]
  },
}

/** For the first of them that an index can serve. */
function indexOf(query: QuerySpec, { tables }: Spec, { extensions }: Catalog): Candidate | null {
  const table = tables.find(({ schema, name }) => schema === query.table?.schema && name === query.table.name)
  for (const { column, operator } of leakyConditions(query)) {
    const type = table?.columns.find(({ name }) => name === column)?.type ?? ''
    const trigrams = extensions.find(({ name }) => name === 'pg_trgm')
    const isLikeness = operator === 'like' || operator === 'ilike'
    if (!table || (isLikeness && !trigrams)) continue
    const operatorClass = isLikeness ? `${ident(trigrams?.schema ?? '')}.gin_trgm_ops` : type === 'jsonb' ? 'jsonb_path_ops' : null
    const method = type.endsWith('range') ? 'gist' : 'gin'
    return { table: { schema: table.schema, name: table.name }, method, keys: [{ column, direction: 'asc', nulls: null, operatorClass }], include: [], where: null, reasons: [], equal: 0 }
  }
  return null
}
