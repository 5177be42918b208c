/** An alternative that might be better. The planner of a server says whether it is; what it does not make cheaper is not advised. */
import type { Catalog } from '../../design/catalog.ts'
import type { Plan, QueryPlan, TablePlan } from '../../design/plan.ts'
import type { ColumnSpec, QuerySpec, Spec } from '../../design/spec.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import type { Candidate } from '../index-candidate.ts'
import { planQuery } from '../queries.ts'
import { queryCandidates } from '../query-index.ts'
import type { WorkloadStatement } from '../workload.ts'

export interface Asked {
  sql: string
  types: string[]
  as: string
  /** What the SQL was made of, and what repeats its tenant: a tenant that is named twice counts once. */
  of: QuerySpec | null
  once: 'policies' | 'function' | null
  /** Columns compared with one value each that hang together. */
  dependent?: WorkloadStatement['equal']
}

export interface Proposal {
  /** Or the table that it is about, by its name. */
  query: Pick<QuerySpec, 'name' | 'table'>
  says: string
  remedy: string
  before: Asked
  after: Asked
  /** Of `before` for one of `after`. */
  runs: number
  /** The cost must fall so many times. */
  factor: number
  /** It makes nothing cheaper: the planner learns that the plan is another one, or so many times dearer or cheaper. Its `ddl` has no effect without rows. */
  informs?: true
  /** What the alternative wants to be served by. */
  index: Candidate | null
  /** The query as it is may use that index as well, and would if it could. */
  isIndexInSight?: true
  /** Before that, on the empty tables, as their owner. */
  ddl: string[]
  /** A column that `ddl` adds or makes another. */
  changed: { table: QualifiedName; column: ColumnSpec } | null
}

export interface AdviceContext {
  query: QueryPlan
  plan: Plan
  catalog: Catalog
}

/** About a table, whoever asks. */
export interface TableAdviceRule {
  id: string
  propose(context: { table: TablePlan; plan: Plan; catalog: Catalog }): Proposal[]
}

/** One file for each advice, all in one list. */
export interface AdviceRule {
  id: string
  propose(context: AdviceContext): Proposal[]
}

/** Pages are asked for at their deepest: the offset is written out. */
export function asked(query: QuerySpec, spec: Spec, catalog: Catalog): Asked {
  const { sql, parameters } = planQuery(query, spec, catalog)
  const { page } = query
  const types = parameters.filter(({ role }) => role !== 'offset').map(({ type }) => type)
  return { sql: page.kind === 'offset' ? sql.replace(/offset \$\d+$/, `offset ${page.deepest}`) : sql, types, as: query.as, of: query, once: query.as === 'service_role' ? null : 'policies' }
}

/** The alternative is another query over the same tables. */
export function instead(context: AdviceContext, query: QuerySpec, words: Pick<Proposal, 'says' | 'remedy' | 'factor'> & { runs?: number }): Proposal {
  const { plan: { spec }, catalog } = context
  const [index = null] = queryCandidates(query, spec, catalog)
  return { query: context.query.query, before: asked(context.query.query, spec, catalog), after: asked(query, spec, catalog), runs: 1, index, ddl: [], changed: null, ...words }
}
