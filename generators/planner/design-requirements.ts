/** What the indexes of a design have to do whatever its queries are: serve its foreign keys and policies, and be there when a person declared them. */
import type { IndexPlan, Plan } from '../design/plan.ts'
import { type IndexCandidate, identityOf } from './candidates/candidate.ts'
import { coveringIndex, sameTable, tableIndexes } from './table-indexes.ts'
import type { TableIndex } from './table-indexes.ts'

export interface Requirement {
  name: string
  reason: IndexPlan['reasons'][number]
  isMetBy(candidate: Pick<IndexPlan, 'table' | 'method' | 'keys' | 'include' | 'where'>): boolean
}

/** Those that no key of the tables meets already. */
export function requirementsOf(plan: Plan): Requirement[] {
  return plan.indexes.flatMap((index) => index.reasons.flatMap((reason) => requirement(index, reason, plan)))
}

function requirement(index: IndexPlan, reason: IndexPlan['reasons'][number], plan: Plan): Requirement[] {
  if (reason.rule === 'query') return []
  const identity = identityOf(index)
  if (reason.rule === 'declared') return [{ name: `declared ${index.name}`, reason, isMetBy: (candidate) => identityOf(candidate) === identity }]
  const planned = plan.tables.find(({ table }) => sameTable(table, index.table))
  const columns = reason.rule === 'foreign-key' ? planned?.foreignKeys.find(({ name }) => name === reason.subject)?.columns : [reason.subject]
  if (!planned || !columns) return []
  const keys = tableIndexes({ ...plan, indexes: [] }, planned).filter(({ where }) => where === null)
  if (coveringIndex({ columns }, keys)) return []
  return [{ name: `${reason.rule} ${index.table.name} ${reason.subject}`, reason, isMetBy: (candidate) => sameTable(candidate.table, index.table) && candidate.where === null && coveringIndex({ columns }, [asTableIndex(candidate)]) !== undefined }]
}

function asTableIndex({ method, keys, include, where }: Pick<IndexPlan, 'method' | 'keys' | 'include' | 'where'>): TableIndex {
  return { name: '', kind: 'index', method, columns: keys.map(({ column }) => column), operatorClasses: [], include, where }
}

export function candidateOf({ table, method, keys, include, where, reasons }: IndexPlan): IndexCandidate {
  return { table, method, keys, include, where, rule: reasons[0]?.rule ?? 'rule', statements: [] }
}
