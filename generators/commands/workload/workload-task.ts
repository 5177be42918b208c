/** A file of statements as a question to the planner: what runs how often, what is written, how large the tables are. */
import type { ScaleFile } from '../../design/read-scale-file.ts'
import { designScale } from '../../planner/scale/design-scale.ts'
import { measuredTable } from '../../planner/scale/table-rows.ts'
import { catalogPlan } from '../../planner/workload-file/catalog-plan.ts'
import type { WorkloadFile } from '../../planner/workload-file/read-workload.ts'
import { withSeenValues } from '../../planner/workload-file/seen-values.ts'
import { keyLookups, writesOfStatements } from '../../planner/workload-file/statement-writes.ts'
import type { Database } from '../../postgres/database.ts'
import type { ChoiceTask, WeightedStatement } from '../../postgres/scale/index-choice.ts'
import type { ReplayedServer } from '../../postgres/server.ts'

/** As many indexes as a table gets besides its keys. */
const mostOfTable = 16

/** Without a budget, indexes as large as the tables have to save a twentieth, and what is smaller may cost a two-hundredth more. */
const priceOfRoom = 0.05
const slack = 0.005

interface WorkloadRequest {
  server: Pick<ReplayedServer, 'createDatabase' | 'catalog'>
  database: Database
  file: WorkloadFile
  sizes: ScaleFile
  budget: number | null
  /** The database holds rows, and ANALYZE has seen them. */
  isCounted: boolean
}

export function workloadTask({ server, database, file, sizes: { existing, writes: declared, horizon }, budget, isCounted }: WorkloadRequest): ChoiceTask {
  const { catalog } = server
  const writes = writesOfStatements(file.statements, catalog, declared.map(({ writes: own, ...table }) => ({ ...table, ...own })))
  const statements: WeightedStatement[] = [
    ...file.statements.map(({ name, sql, as, parameters, perSecond }) => ({ id: name, sql, as, types: [], parameters, perSecond, isFelt: true, claims: {} })),
    ...keyLookups(writes, catalog).map((lookup) => ({ ...lookup, as: 'postgres', isFelt: false, claims: {} })),
  ]
  const plan = catalogPlan(existing, horizon ?? { text: '3 years', days: 3 * 365.25 })
  return {
    server, database, statements, writes, budget, perTable: mostOfTable, ...(budget === null ? { priceOfRoom, slack } : { priceOfRoom: 0, slack: 0 }), tolerance: 0.003, leastGain: 0, accepts: () => true, tables: [],
    // Partitions follow from their parent, unless they were measured.
    scalesOf: (touched, scans) => {
      const named = touched.filter((table) => table.partition === null || measuredTable(catalog, table) !== null)
      return isCounted ? null : withSeenValues(designScale(plan, catalog, named, horizon ? 'horizon' : 'launch').tables, scans, existing)
    },
    variants: () => [],
    wanted: () => ({ candidates: [], required: () => [] }),
    tenantOf: () => null,
  }
}
