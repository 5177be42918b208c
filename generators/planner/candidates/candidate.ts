/** An index that some statement might be better off with. The planner of a server says whether it is. */
import type { IndexKey, IndexPlan } from '../../design/plan.ts'
import { qualified } from '../../sql/identifier.ts'
import type { TableScale } from '../scale/table-scale.ts'
import type { KeyTerm } from './key-term.ts'
import type { OrderedKey, Scan } from './scan.ts'

export interface IndexCandidate extends Pick<IndexPlan, 'table' | 'method' | 'keys' | 'include' | 'where'> {
  /** The rule that proposed it: `equality`, `order`, `covering`, … */
  rule: string
  /** Statements that proposed it. */
  statements: string[]
}

/** What the rules know of a table. */
export interface CandidateTable {
  schema: string
  name: string
  columns: { name: string; type: string; nullable: boolean }[]
  primaryKey: string[]
  scale: TableScale | null
  /** Its tenants' column, which leads where the order is free. */
  tenant: string | null
}

export interface CandidateContext {
  table: CandidateTable
  scan: Scan
  extensions: ReadonlySet<string>
  /** In how many scans of the workload the column is compared with one value. */
  shared(column: string): number
  /** Different constants that the workload compares the column with. */
  constants(column: string): number
}

/** One file for each kind of index, all in one list. */
export type CandidateRule = (context: CandidateContext) => IndexCandidate[]

export function candidate({ table, scan }: CandidateContext, rule: string, keys: readonly IndexKey[], rest: Partial<IndexCandidate> = {}): IndexCandidate {
  return { table: { schema: table.schema, name: table.name }, method: 'btree', keys: withoutRepeats(keys), include: [], where: null, rule, statements: [scan.statement], ...rest }
}

export function plainKey({ text, isExpression }: KeyTerm, operatorClass: string | null = null): IndexKey {
  return { column: text, ...(isExpression ? { expression: true as const } : {}), direction: 'asc', nulls: null, operatorClass }
}

export function orderKey({ key, direction, nulls }: OrderedKey): IndexKey {
  return { ...plainKey(key), direction, nulls }
}

function withoutRepeats(keys: readonly IndexKey[]): IndexKey[] {
  return keys.filter(({ column }, place) => keys.findIndex((other) => other.column === column) === place)
}

/** The same for two that hold the same. */
export function identityOf({ table, method, keys, include, where }: Pick<IndexPlan, 'table' | 'method' | 'keys' | 'include' | 'where'>): string {
  const ordered = keys.map(({ column, direction, nulls, operatorClass }) => [column, direction, nulls, operatorClass].join(' '))
  return [qualified(table), method, ordered.join(','), include.toSorted().join(','), (where ?? '').split(' and ').toSorted().join(' and ')].join(' | ')
}
