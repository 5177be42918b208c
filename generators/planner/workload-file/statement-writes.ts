/** What the statements of a workload write, table by table, and what foreign keys look up because of it. */
import type { Catalog, CatalogTable } from '../../design/catalog.ts'
import { type QualifiedName, ident, qualified } from '../../sql/identifier.ts'
import { walk } from '../../sql/parser.ts'
import type { TableWrites } from '../selection/write-model.ts'
import type { FileStatement } from './read-workload.ts'

interface WriteNode {
  relation: { schemaname?: string; relname: string }
  targetList?: { ResTarget: { name?: string } }[]
  selectStmt?: { SelectStmt?: { valuesLists?: unknown[] } }
  onConflictClause?: { targetList?: { ResTarget: { name?: string } }[] }
  mergeWhenClauses?: { MergeWhenClause: { commandType: string; targetList?: WriteNode['targetList'] } }[]
}

/** On top of what is declared of the tables. A statement writes one row, or as many as its VALUES; so does each part of one that writes behind `with`. */
export function writesOfStatements(statements: readonly FileStatement[], catalog: Catalog, declared: readonly TableWrites[]): TableWrites[] {
  const writes = new Map(declared.map((table) => [qualified(table), { ...table, updates: [...table.updates] }]))
  for (const { tree, perSecond } of statements)
    walk(tree, (type, found) => {
      const node = found as unknown as WriteNode
      const table = writing.has(type) ? targetOf(node, catalog) : undefined
      if (!table) return
      const name = { schema: table.schema, name: table.name }
      const own = writes.get(qualified(name)) ?? { ...name, insertsPerSecond: 0, deletesPerSecond: 0, updates: [] }
      writes.set(qualified(name), own)
      const columns = (targets: WriteNode['targetList']) => (targets ?? []).flatMap(({ ResTarget: { name: column } }) => column ?? [])
      if (type === 'InsertStmt') own.insertsPerSecond += perSecond * Math.max(1, node.selectStmt?.SelectStmt?.valuesLists?.length ?? 1)
      if (type === 'InsertStmt' && node.onConflictClause?.targetList) own.updates.push({ columns: columns(node.onConflictClause.targetList), perSecond })
      if (type === 'UpdateStmt') own.updates.push({ columns: columns(node.targetList), perSecond })
      if (type === 'DeleteStmt') own.deletesPerSecond += perSecond
      for (const { MergeWhenClause: { commandType, targetList } } of node.mergeWhenClauses ?? []) {
        if (commandType === 'CMD_INSERT') own.insertsPerSecond += perSecond
        if (commandType === 'CMD_UPDATE') own.updates.push({ columns: columns(targetList), perSecond })
        if (commandType === 'CMD_DELETE') own.deletesPerSecond += perSecond
      }
    })
  return [...writes.values()]
}

const writing = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

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

