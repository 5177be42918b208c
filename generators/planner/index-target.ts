import type { IndexPlan } from '../design/plan.ts'
import { ident } from '../sql/identifier.ts'

/** What stands behind `create index name on`: `core.t (a, b desc) include (c) where d`. */
export function indexTarget(index: Pick<IndexPlan, 'table' | 'method' | 'keys' | 'include' | 'where'>): string {
  const keys = index.keys.map(({ column, expression, operatorClass, direction, nulls }) => [expression ? `(${column})` : ident(column), operatorClass, direction === 'desc' ? 'desc' : '', nulls ? `nulls ${nulls}` : ''].filter(Boolean).join(' '))
  return [
    `${ident(index.table.schema)}.${ident(index.table.name)}`,
    ...(index.method === 'btree' ? [] : [`using ${index.method}`]),
    `(${keys.join(', ')})`,
    ...(index.include.length > 0 ? [`include (${index.include.map(ident).join(', ')})`] : []),
    ...(index.where === null ? [] : [`where ${index.where}`]),
  ].join(' ')
}
