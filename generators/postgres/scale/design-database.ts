/** A design in a database of its own, at the size of its launch, on the way, and at its horizon. */
import type { Assumption, ScaleMoment } from '../../design/evidence.ts'
import type { Catalog } from '../../design/catalog.ts'
import type { Plan } from '../../design/plan.ts'
import { designScale } from '../../planner/scale/design-scale.ts'
import { measuredTable } from '../../planner/scale/table-rows.ts'
import type { TableScale } from '../../planner/scale/table-scale.ts'
import { workloadTables } from '../../planner/workload.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import type { Database } from '../database.ts'
import type { Session } from '../session.ts'
import { reachableTables, scaleDatabase } from './scale-database.ts'
import { secondaryIndexes } from './secondary-indexes.ts'

export interface DesignAtScale {
  /** Of the superuser, opened after the database was scaled. For EXPLAIN only. */
  session: Session
  tables: TableScale[]
  assumptions: Assumption[]
  /** Bytes by `schema.index` and `schema.table`. */
  bytes: Record<string, number>
  /** All indexes but primary keys. */
  secondary: readonly QualifiedName[]
}

/** The design's files have been applied to the database. Points later than one before: a table never shrinks. */
export async function designAtScale(database: Database, { plan, catalog }: { plan: Plan; catalog: Catalog }, at: ScaleMoment): Promise<DesignAtScale> {
  const touched = await reachableTables(database, workloadTables(plan))
  // Partitions follow from their parent, unless they were measured.
  const named = touched.filter((table) => table.partition === null || measuredTable(catalog, table) !== null)
  const { tables, assumptions } = designScale(plan, catalog, named, at)
  const { bytes } = await scaleDatabase(database, touched, tables)
  const session = await database.connect({ user: 'supabase_admin' })
  return { bytes, session, tables, assumptions, secondary: await secondaryIndexes(session) }
}
