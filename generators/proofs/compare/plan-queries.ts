/** The declared queries of a design in the database of a whole history, whatever became of its indexes since. */
import type { Catalog } from '../../design/catalog.ts'
import type { ScalePoint } from '../../design/evidence.ts'
import type { Plan } from '../../design/plan.ts'
import type { QueryAtScale } from '../../design/plan-diff.ts'
import { callerClaims } from '../../planner/caller-claims.ts'
import { scalePoints } from '../../planner/scale/table-scale.ts'
import { queryStatement, tablesRead } from '../../planner/workload.ts'
import type { Database } from '../../postgres/database.ts'
import { explainInFull } from '../../postgres/explain.ts'
import { designAtScale } from '../../postgres/scale/design-database.ts'
import { loadParser } from '../../sql/parser.ts'
import { refusalOf, stopIfAborted } from '../proof-error.ts'

/** By query, then by point; a string is why the role cannot run it. */
export type PlannedQueries = Map<string, Partial<Record<ScalePoint, QueryAtScale>> | string>

/** `catalog`: what was there before the design. The database is for this alone. */
export async function planQueries(database: Database, { plan, catalog, signal }: { plan: Plan; catalog: Catalog; signal?: AbortSignal }): Promise<PlannedQueries> {
  await loadParser()
  const found: PlannedQueries = new Map()
  for (const at of scalePoints) {
    stopIfAborted(signal)
    const scaled = await designAtScale(database, { plan, catalog }, at)
    await using session = scaled.session
    for (const query of plan.queries) {
      const known = found.get(query.query.name) ?? {}
      if (typeof known === 'string') continue
      const explained = await explainInFull(session, queryStatement(query, plan, catalog), { claims: callerClaims(plan) }).catch(refusalOf)
      const rows = Object.fromEntries(tablesRead(query, plan).map(({ schema, name }) => [`${schema}.${name}`, Math.round(scaled.tables.find((table) => table.schema === schema && table.name === name)?.rows ?? 0)]))
      found.set(query.query.name, typeof explained === 'string' ? explained : { ...known, [at]: { plan: explained.plan, indexes: explained.indexes, sequentialScans: explained.sequentialScans, cost: explained.cost, rows } })
    }
  }
  return found
}
