/** Queries that clients ask through a function with its owner's rights: what it repeats must be all that keeps rows apart. */
import { leakyConditions } from '../leaky-conditions.ts'
import { findSpec, followsExisting } from '../parent-rules.ts'
import type { QuerySpec, TableSpec, Tenancy } from '../spec.ts'
import type { Reading } from './reading.ts'

export function checkSearchQueries({ issues }: Reading, queries: readonly QuerySpec[], tables: readonly TableSpec[], tenancy: Tenancy): void {
  for (const query of queries.filter(({ through }) => through === 'function')) {
    const [message, remedy] = searchFault(query, tables, tenancy) ?? []
    if (message !== undefined && remedy !== undefined) issues.add({ code: 'SPEC_CONFLICT', path: ['queries', query.name, 'through'], key: true, message, remedy })
  }
}

/** Why a query cannot be a function, and the remedy; null where it can. */
export function searchFault(query: QuerySpec, tables: readonly TableSpec[], tenancy: Tenancy): [string, string] | null {
  const { name, as, page, select, orderBy } = query
  const table = query.table && findSpec(tables, query.table)
  if (!table) return [`The query "${name}" does not read one table of this design, so there is no rule that a function could repeat.`, 'Remove through, or write the query with table and where over a table of this design.']
  if (as !== 'authenticated') return [`"${as}" ${as === 'anon' ? 'belongs to no tenant and owns nothing' : 'is no client'}: a function has nothing to repeat for it.`, 'Remove through, or write as: authenticated.']
  const { own, any } = table.access.select
  if (own === 'anyone' || any === 'anyone') return [`Anyone sees rows of "${table.name}": a function would have no tenant and no owner to keep to.`, 'Remove through.']
  if ([own, any].every((audience) => audience === 'service' || audience === 'nobody')) return [`No client sees rows of "${table.name}".`, 'Remove through, or write as: service_role.']
  if (followsExisting(table.access.select, table, tables, tenancy))
    return [`Who sees rows of "${table.name}" follows a table that exists already, and a function with its owner's rights sees every row of that one.`, 'Remove through: the query stays one of the caller.']
  if (page.kind !== 'keyset') return [`The function of "${name}" has no bound: it works past the policies, and gives back one page at a time.`, 'Add for example: page: keyset 20']
  const [condition] = leakyConditions(query)
  if (!condition) return [`Every condition of "${name}" can use an index under the policies already.`, 'Remove through: it is for like, ilike, @>, && and @@.']
  const missing = select ? [...new Set([...table.primaryKey, ...orderBy.map(({ column }) => column)])].filter((column) => !select.includes(column)) : []
  return missing.length > 0 ? [`Whoever wants the next page of "${name}" sends the position of the last row, and the query does not give back ${missing.join(', ')}.`, `Write: select: [${[...(select ?? []), ...missing].join(', ')}]`] : null
}
