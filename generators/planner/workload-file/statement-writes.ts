/** What the statements of a workload write, table by table, and what foreign keys look up because of it. */
import type { Catalog, CatalogTable } from '../../design/catalog.ts'
import { type QualifiedName, ident, qualified } from '../../sql/identifier.ts'
import type { TableWrites } from '../selection/write-model.ts'
import type { FileStatement } from './read-workload.ts'

interface WriteNode {
  relation: { schemaname?: string; relname: string }
  targetList?: { ResTarget: { name?: string } }[]
  selectStmt?: { SelectStmt?: { valuesLists?: unknown[] } }
  onConflictClause?: { targetList?: { ResTarget: { name?: string } }[] }
}

/** On top of what is declared of the tables. A statement writes one row, or as many as its VALUES. */
export function writesOfStatements(statements: readonly FileStatement[], catalog: Catalog, declared: readonly TableWrites[]): TableWrites[] {
  const writes = new Map(declared.map((table) => [qualified(table), { ...table, updates: [...table.updates] }]))
  for (const { kind, tree, perSecond } of statements) {
    if (kind === 'select') continue
    const node = Object.values(tree)[0] as unknown as WriteNode
    const table = targetOf(node, catalog)
    if (!table) continue
    const name = { schema: table.schema, name: table.name }
    const own = writes.get(qualified(name)) ?? { ...name, insertsPerSecond: 0, deletesPerSecond: 0, updates: [] }
    writes.set(qualified(name), own)
    const columns = (targets: WriteNode['targetList']) => (targets ?? []).flatMap(({ ResTarget: { name: column } }) => column ?? [])
    if (kind === 'insert') own.insertsPerSecond += perSecond * Math.max(1, node.selectStmt?.SelectStmt?.valuesLists?.length ?? 1)
    if (kind === 'insert' && node.onConflictClause?.targetList) own.updates.push({ columns: columns(node.onConflictClause.targetList), perSecond })
    if (kind === 'update') own.updates.push({ columns: columns(node.targetList), perSecond })
    if (kind === 'delete') own.deletesPerSecond += perSecond
  }
  return [...writes.values()]
}

export interface KeyLookup {
  id: string
  sql: string
  parameters: number
  types: string[]
  perSecond: number
}

/** Who deletes a parent, or changes its key, looks its children up: as the owner of the child, past all policies. */
export function keyLookups(writes: readonly TableWrites[], catalog: Catalog): KeyLookup[] {
  return catalog.tables.flatMap((child) =>
    child.foreignKeys.flatMap((key) => {
      const parent = writes.find(({ schema, name }) => schema === key.references.schema && name === key.references.table)
      const rekeyed = parent?.updates.filter(({ columns }) => columns.some((column) => key.references.columns.includes(column))).reduce((sum, { perSecond }) => sum + perSecond, 0) ?? 0
      const perSecond = (parent?.deletesPerSecond ?? 0) + rekeyed
      if (perSecond === 0) return []
      const types = key.columns.map((name) => child.columns.find((column) => column.name === name)?.type ?? 'text')
      const sql = `select 1 from only ${qualified({ schema: child.schema, name: child.name })} x where ${key.columns.map((column, place) => `${ident(column)} = $${place + 1}`).join(' and ')} for key share of x`
      return [{ id: `foreign key ${key.name} of ${child.name}`, sql, types, parameters: key.columns.length, perSecond }]
    }),
  )
}

function targetOf({ relation }: WriteNode, catalog: Catalog): CatalogTable | undefined {
  const isNamed = (table: QualifiedName) => table.name === relation.relname && (relation.schemaname === undefined || table.schema === relation.schemaname)
  return catalog.tables.find((table) => isNamed(table) && table.schema === 'public') ?? catalog.tables.find(isNamed)
}

