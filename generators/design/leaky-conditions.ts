import type { Operator, QuerySpec } from './spec.ts'

/** Operators that are not leakproof: under row level security they cannot become an index condition of a client. */
const leaky: readonly Operator[] = ['like', 'ilike', '@>', '&&', '@@']

/** Conditions of a query that filter the rows of a client after the policy, whatever indexes there are. */
export function leakyConditions({ where }: Pick<QuerySpec, 'where'>): { column: string; operator: Operator }[] {
  return where.flatMap((condition) => ('column' in condition && leaky.includes(condition.operator) ? [condition] : []))
}
