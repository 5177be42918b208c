import { queriedTable } from '../queries.ts'
import { type AdviceRule, instead } from './proposal.ts'

/** A page by its offset reads and drops every row before it; by its position it begins there. */
export const keyset: AdviceRule = {
  id: 'keyset',
  propose: (context) => {
    const { query: { query }, plan: { spec }, catalog } = context
    const { page, orderBy, table } = query
    const read = table && queriedTable(spec, catalog, table.schema, table.name)
    // A position cannot be compared where directions differ, and passes over rows without a value.
    if (page.kind !== 'offset' || !read || new Set(orderBy.map(({ direction }) => direction)).size > 1) return []
    if (orderBy.some(({ column }) => read.columns.some(({ name, nullable }) => name === column && nullable))) return []
    return [
      instead(context, { ...query, page: { kind: 'keyset', size: page.size } }, {
        says: `At its deepest page ${query.name} reads and drops ${page.deepest} rows; a page that begins behind the last row seen costs the same at any depth.`,
        remedy: `Write: page: keyset ${page.size}`,
        factor: 2,
      }),
    ]
  },
}
