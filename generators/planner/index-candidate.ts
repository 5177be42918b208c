import type { IndexPlan } from '../design/plan.ts'
import type { QualifiedName } from '../sql/identifier.ts'

/** An index that is wanted; `reasons` say why. Its name comes when it is kept. */
export type Candidate = Omit<IndexPlan, 'name' | 'concurrently'> & {
  /** So many of its first keys are compared with values; the others are an order or a range. */
  equal: number
}

/** A plain btree over columns, ascending, without a reason yet. */
export function btree(table: QualifiedName, columns: readonly string[]): Candidate {
  return {
    table: { schema: table.schema, name: table.name },
    method: 'btree',
    keys: columns.map((column) => ({ column, direction: 'asc', nulls: null, operatorClass: null })),
    include: [],
    where: null,
    reasons: [],
    equal: columns.length,
  }
}
