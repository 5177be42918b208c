/** A plan without a table of its own: what is there is all there is, as large as it is declared or was measured to be. */
import type { Plan } from '../../design/plan.ts'
import type { Duration } from '../../design/duration.ts'
import type { Spec } from '../../design/spec.ts'

export function catalogPlan(existing: Spec['existing'], horizon: Duration): Plan {
  const spec: Spec = { design: 'workload', story: [], schema: 'public', tenancy: { model: 'none' }, tables: [], existing, queries: [], files: [], views: [], privacy: null, decisions: [], samples: [], jobs: [], approved: [], horizon }
  return { spec, newSchemas: [], schemaUsage: [], tables: [], tenantKeys: [], functions: [], views: [], jobs: [], buckets: [], indexes: [], rejected: [], queries: [], notes: [] }
}
