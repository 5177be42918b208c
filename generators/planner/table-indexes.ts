/** Every index that a new table will have, whatever made it: keys, unique keys and planned indexes. */
import type { ForeignKeyPlan, Plan, TablePlan } from '../design/plan.ts'
import { type QualifiedName, qualified } from '../sql/identifier.ts'

export interface TableIndex {
  name: string
  kind: 'primary key' | 'unique key' | 'unique index' | 'index'
  method: string
  columns: string[]
  operatorClasses: (string | null)[]
  include: string[]
  where: string | null
}

export function tableIndexes(plan: Plan, table: TablePlan): TableIndex[] {
  const plain = (name: string, kind: TableIndex['kind'], columns: string[], where: string | null): TableIndex => ({
    name,
    kind,
    method: 'btree',
    columns,
    operatorClasses: columns.map(() => null),
    include: [],
    where,
  })
  return [
    ...(table.primaryKey.columns.length > 0 ? [plain(table.primaryKey.name, 'primary key', table.primaryKey.columns, null)] : []),
    ...table.uniques.map((unique) => plain(unique.name, unique.kind === 'constraint' ? 'unique key' : 'unique index', unique.columns, unique.where)),
    ...plan.indexes
      .filter((index) => sameTable(index.table, table.table))
      .map((index): TableIndex => ({
        name: index.name,
        kind: 'index',
        method: index.method,
        columns: index.keys.map((key) => key.column),
        operatorClasses: index.keys.map((key) => key.operatorClass),
        include: index.include,
        where: index.where,
      })),
  ]
}

/** The index by which a deleted parent finds its children: the key's columns lead it. One over all rows comes first. */
export function coveringIndex(key: Pick<ForeignKeyPlan, 'columns'>, indexes: readonly TableIndex[]): TableIndex | undefined {
  const covers = indexes.filter((index) => index.method === 'btree' && leads(index.columns, key.columns))
  return covers.find((index) => index.where === null) ?? covers[0]
}

/** True when the first columns of an index are these, in any order. */
export function leads(indexed: readonly string[], columns: readonly string[]): boolean {
  const head = indexed.slice(0, columns.length)
  return head.length === columns.length && columns.every((column) => head.includes(column))
}

export function sameTable(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name
}

/** `core.shows`, quoted where SQL needs it. */
export function nameOf(table: QualifiedName): string {
  return qualified({ schema: table.schema, name: table.name })
}
