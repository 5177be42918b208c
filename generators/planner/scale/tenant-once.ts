/** Postgres multiplies shares: a tenant that the policy, its floor and the query each name would be a tenant of a tenant. */
import type { Plan, QueryPlan } from '../../design/plan.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import { type TableScale, scaleOfColumn } from './table-scale.ts'

/** Elements that the planner takes a list to have when it knows nothing of it. */
const listed = 10

/** As many different tenants as make the product of the shares that of one condition. Of a query over one table. */
export function tenantOnce({ query }: Pick<QueryPlan, 'query'>, { spec }: Pick<Plan, 'spec'>, tables: readonly TableScale[], by: 'policies' | 'function'): { schema: string; table: string; column: string; values: number }[] {
  const isSame = ({ schema, name }: QualifiedName) => schema === query.table?.schema && name === query.table.name
  const [table, scale] = [spec.tables.find(isSame), tables.find(isSame)]
  const column = table?.tenantColumn ?? null
  const distinct = scale && scaleOfColumn(scale, column)?.distinct
  if (!table || column === null || distinct === undefined) return []
  const elements = spec.tenancy.model === 'organization' ? listed : 1
  const inPolicies = by === 'policies' && table.floor ? 2 : 1
  const isCompared = query.where.some((condition) => 'column' in condition && condition.column === column && condition.operator === '=')
  const share = isCompared ? 1 / distinct : Math.min(1, elements / distinct)
  const values = (elements ** inPolicies / share) ** (1 / (inPolicies + (isCompared ? 1 : 0)))
  return [{ schema: table.schema, table: table.name, column, values: Math.max(1, values) }]
}
