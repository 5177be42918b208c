/** Every advice, in the order in which a reader meets them. A new one is a new file and one line here. */
import type { Catalog } from '../../design/catalog.ts'
import type { Plan } from '../../design/plan.ts'
import { boundedPage } from './bounded-page.ts'
import { extendedStatistics } from './extended-statistics.ts'
import { fillfactor } from './fillfactor.ts'
import { keyset } from './keyset.ts'
import { oneRequest } from './one-request.ts'
import { plainType } from './plain-type.ts'
import type { AdviceRule, Proposal, TableAdviceRule } from './proposal.ts'
import { rawBoundedPage } from './raw/raw-bounded-page.ts'
import { rawKeyset } from './raw/raw-keyset.ts'
import { rawOneRequest } from './raw/raw-one-request.ts'
import { rawTenantFilter } from './raw/raw-tenant-filter.ts'
import { searchFunction } from './search-function.ts'
import { storedSearch } from './stored-search.ts'
import { tenantFilter } from './tenant-filter.ts'

export const advices: readonly AdviceRule[] = [boundedPage, keyset, tenantFilter, oneRequest, plainType, storedSearch, searchFunction, extendedStatistics]

/** Of queries that are given as SQL. */
export const rawAdvices: readonly AdviceRule[] = [rawBoundedPage, rawKeyset, rawTenantFilter, rawOneRequest]

export const tableAdvices: readonly TableAdviceRule[] = [fillfactor]

/** What might be better, query by query, then table by table. */
export function proposalsOf(plan: Plan, catalog: Catalog): (Proposal & { id: string })[] {
  const named = (id: string, proposals: Proposal[]) => proposals.map((proposal) => ({ ...proposal, id }))
  return [
    ...plan.queries.flatMap((query) => (query.query.sql === null ? advices : rawAdvices).flatMap(({ id, propose }) => named(id, propose({ query, plan, catalog })))),
    ...plan.tables.flatMap((table) => tableAdvices.flatMap(({ id, propose }) => named(id, propose({ table, plan, catalog })))),
  ]
}
