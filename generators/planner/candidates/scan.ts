/** What one statement asks of one table, read from the plan that the server makes of it: policies, views and sub-selects are in it. */
import type { QualifiedName } from '../../sql/identifier.ts'
import { parseTree, SqlSyntaxError, walk, type Node } from '../../sql/parser.ts'
import { type Comparison, comparisonsIn, parsePlanExpression } from './comparison.ts'
import { type KeyTerm, columnReference, termOf } from './key-term.ts'
import { type PlanNode, conditionsOf, visitPlan } from './plan-tree.ts'

export interface OrderedKey {
  key: KeyTerm
  direction: 'asc' | 'desc'
  nulls: 'first' | 'last' | null
}

export interface Scan {
  statement: string
  table: QualifiedName
  comparisons: Comparison[]
  /** Orders in which its rows are wanted: by a page, a grouping, a window, an aggregate. */
  orders: OrderedKey[][]
  /** Only the first rows are read. */
  limited: boolean
  /** Every column that the statement needs of it. */
  columns: string[]
}

/** One for each table in the plan, in its order. `root` of a partition is the table that it belongs to. */
export function scansOfPlan(statement: string, plan: PlanNode, root: (table: QualifiedName) => QualifiedName): Scan[] {
  const scans = new Map<string, Scan>()
  visitPlan(plan, (node, above) => {
    const { Alias: alias, 'Relation Name': name, Schema: schema } = node
    if (alias === undefined || name === undefined || schema === undefined || scans.has(alias) || node['Node Type'] === 'ModifyTable') return
    const limited = above.some((one) => one['Node Type'] === 'Limit' || one['Parent Relationship'] === 'SubPlan')
    scans.set(alias, { statement, table: root({ schema, name }), comparisons: [], orders: [], limited, columns: [] })
  })
  visitPlan(plan, (node, above) => readNode(node, above, scans))
  return [...scans.values()].map((scan) => ({ ...scan, comparisons: distinct(scan.comparisons), orders: distinct(scan.orders) }))
}

function readNode(node: PlanNode, above: readonly PlanNode[], scans: ReadonlyMap<string, Scan>): void {
  for (const text of conditionsOf(node)) {
    for (const one of comparisonsIn(text)) scans.get(one.alias)?.comparisons.push(one)
    noteColumns(parsePlanExpression(text), scans)
  }
  for (const order of [node['Sort Key'], node['Group Key']]) if (order) addOrder(order.map(orderedKey), scans)
  if (node['Node Type'] === 'Merge Join') for (const text of conditionsOf(node)) for (const { alias, key } of comparisonsIn(text)) addOrder([{ alias, key, direction: 'asc', nulls: null }], scans)
  if (!givesOwnOutput(node, above)) return
  for (const text of node.Output ?? []) {
    const tree = parsePlanExpression(text)
    noteColumns(tree, scans)
    for (const extreme of extremesIn(tree)) addOrder([extreme], scans)
  }
}

/** Scans hand on whole rows where that is cheaper; what is needed of them stands above, unless nothing does. */
function givesOwnOutput(node: PlanNode, above: readonly PlanNode[]): boolean {
  if (passing.has(node['Node Type'])) return false
  return node['Relation Name'] === undefined || above.every((one) => passing.has(one['Node Type']))
}

const passing = new Set(['Limit', 'Hash', 'Materialize', 'Memoize', 'Gather', 'Gather Merge', 'Append', 'Merge Append', 'Unique', 'LockRows', 'ModifyTable', 'BitmapOr', 'BitmapAnd', 'Bitmap Index Scan'])

function noteColumns(tree: Node | null, scans: ReadonlyMap<string, Scan>): void {
  walk(tree, (type, node) => {
    const reference = type === 'ColumnRef' ? columnReference({ ColumnRef: node }) : null
    const scan = reference ? scans.get(reference.alias) : undefined
    if (scan && reference && !scan.columns.includes(reference.column)) scan.columns.push(reference.column)
  })
}

type AliasedKey = OrderedKey & { alias: string }

/** As far as it is of one table: what follows is sorted within equal keys. */
function addOrder(order: readonly (AliasedKey | null)[], scans: ReadonlyMap<string, Scan>): void {
  const [first] = order
  if (!first) return
  const end = order.findIndex((one) => one?.alias !== first.alias)
  const own = order.slice(0, end === -1 ? undefined : end).filter((one) => one !== null)
  scans.get(first.alias)?.orders.push(own.map(({ key, direction, nulls }) => ({ key, direction, nulls })))
}

function orderedKey(text: string): AliasedKey | null {
  try {
    const select = parseTree(`select 1 order by ${text.replace(/^\((.*)\)::text$/, '($1)::text')}`)[0]?.stmt['SelectStmt'] as { sortClause?: { SortBy: { node: Node; sortby_dir: string; sortby_nulls: string } }[] } | undefined
    const sort = select?.sortClause?.[0]?.SortBy
    const term = sort && (termOf(sort.node) ?? distanceTerm(sort.node))
    if (!term) return null
    const { alias, ...key } = term
    const nulls = sort.sortby_nulls === 'SORTBY_NULLS_FIRST' ? 'first' : sort.sortby_nulls === 'SORTBY_NULLS_LAST' ? 'last' : null
    return { alias, key, direction: sort.sortby_dir === 'SORTBY_DESC' ? 'desc' : 'asc', nulls }
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null
    throw error
  }
}

/** `embedding <-> $1`: an order that only an index of distances has. */
function distanceTerm(node: Node): (KeyTerm & { alias: string }) | null {
  const operation = node['A_Expr'] as { name: { String: { sval: string } }[]; lexpr?: Node } | undefined
  const operator = operation?.name.at(-1)?.String.sval ?? ''
  const reference = columnReference(operation?.lexpr)
  return reference && ['<->', '<=>', '<#>', '<+>'].includes(operator) ? { alias: reference.alias, text: `${reference.column} ${operator} $1`, isExpression: true, columns: [reference.column] } : null
}

/** `min` and `max` read one end of an index. */
function extremesIn(tree: Node | null): AliasedKey[] {
  const found: AliasedKey[] = []
  walk(tree, (type, node) => {
    if (type !== 'FuncCall') return
    const name = (node['funcname'] as { String: { sval: string } }[]).at(-1)?.String.sval
    const term = name === 'min' || name === 'max' ? termOf((node['args'] as Node[] | undefined)?.[0]) : null
    if (!term) return
    const { alias, ...key } = term
    found.push({ alias, key, direction: 'asc', nulls: null })
  })
  return found
}

function distinct<Item>(items: readonly Item[]): Item[] {
  const seen = new Map(items.map((item) => [JSON.stringify(item), item]))
  return [...seen.values()]
}
