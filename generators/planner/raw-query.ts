/** What a query given as SQL asks of each table: its conditions joined by `and`, and the order when one table gives it. */
import type { Condition, Operator, OrderBy, QuerySpec, Spec } from '../design/spec.ts'
import type { Catalog } from '../design/catalog.ts'
import { type QualifiedName, ident } from '../sql/identifier.ts'
import { type Node, conjuncts, parseTree } from '../sql/parser.ts'
import { deparseConstant } from '../sql/constant.ts'
import { queriedTable } from './queries.ts'
import { findView } from './views.ts'

/**
 * One query for each table of a plain `from … join …`, as if it were asked alone. Sub-selects, unions and functions are
 * left to the planner of the server: what they need is not guessed.
 */
export function scansOf(query: QuerySpec, spec: Spec, catalog: Catalog): QuerySpec[] {
  return directScans(query, spec, catalog).flatMap((scan) => throughView(scan, spec, catalog))
}

/** Views are read as what they are made of. A condition or an order goes on where the view shows the column of a table as it is. */
function throughView(scan: QuerySpec, spec: Spec, catalog: Catalog): QuerySpec[] {
  const view = scan.table && findView(spec, scan.table)
  if (!view) return [scan]
  if (view.table !== null) return [{ ...scan, table: view.table, where: [...scan.where, ...(view.where === null ? [] : [{ sql: view.where, columns: [] }])] }]
  return directScans({ ...scan, sql: view.sql, table: null, where: [], orderBy: [] }, spec, catalog).map((part): QuerySpec => {
    const shown = (name: string) => view.columns.find(({ name: column, source }) => column === name && source !== null && part.table !== null && source.table.schema === part.table.schema && source.table.name === part.table.name)?.source?.column
    const where = scan.where.flatMap((condition): Condition[] => {
      const column = 'column' in condition ? shown(condition.column) : undefined
      return 'column' in condition && column !== undefined ? [{ ...condition, column }] : []
    })
    const order = scan.orderBy.flatMap((one) => (shown(one.column) === undefined ? [] : [{ ...one, column: shown(one.column) ?? '' }]))
    return { ...part, where: [...part.where, ...where], orderBy: order.length === scan.orderBy.length ? order : [] }
  })
}

function directScans(query: QuerySpec, spec: Spec, catalog: Catalog): QuerySpec[] {
  if (query.sql === null) return [query]
  const select = parseTree(query.sql)[0]?.stmt['SelectStmt'] as SelectStmt | undefined
  if (!select) return []
  const sources = (select.fromClause ?? []).flatMap((item) => relations(item, spec))
  const conditions = [...conjuncts(select.whereClause), ...(select.fromClause ?? []).flatMap(joinConditions)]
  return sources.flatMap(({ alias, table }): QuerySpec[] => {
    const found = queriedTable(spec, catalog, table.schema, table.name)
    if (!found) return []
    const isOwn = (node: Node | undefined) => columnOf(node, alias, sources.length === 1, found.columns)
    const where = conditions.flatMap((condition) => conditionOn(condition, isOwn))
    const order = orderOn(select.sortClause ?? [], isOwn)
    return [{ ...query, sql: null, table, where, orderBy: where.some(isEquality) || select.limitCount ? order : [], page: { kind: 'none' } }]
  })
}

interface SelectStmt extends Node {
  fromClause?: Node[]
  whereClause?: Node
  sortClause?: { SortBy: { node: Node; sortby_dir: string; sortby_nulls: string } }[]
  limitCount?: Node
}

interface Source {
  alias: string
  table: QualifiedName
}

function relations(item: Node, spec: Spec): Source[] {
  const range = item['RangeVar'] as { schemaname?: string; relname: string; alias?: { aliasname: string } } | undefined
  if (range) return [{ alias: range.alias?.aliasname ?? range.relname, table: { schema: range.schemaname ?? spec.schema, name: range.relname } }]
  const join = item['JoinExpr'] as { larg: Node; rarg: Node } | undefined
  return join ? [...relations(join.larg, spec), ...relations(join.rarg, spec)] : []
}

function joinConditions(item: Node): Node[] {
  const join = item['JoinExpr'] as { larg: Node; rarg: Node; quals?: Node } | undefined
  return join ? [...joinConditions(join.larg), ...joinConditions(join.rarg), ...conjuncts(join.quals)] : []
}

type OwnColumn = (node: Node | undefined) => string | null

function columnOf(node: Node | undefined, alias: string, isOnly: boolean, columns: { name: string }[]): string | null {
  const fields = (node?.['ColumnRef'] as { fields: { String?: { sval: string } }[] } | undefined)?.fields.map((field) => field.String?.sval)
  if (!fields) return null
  const name = fields.at(-1)
  const qualifier = fields.length > 1 ? fields.at(-2) : null
  const isOwn = qualifier === null ? isOnly : qualifier === alias
  return name !== undefined && isOwn && columns.some((column) => column.name === name) ? name : null
}

const comparable: readonly string[] = ['=', '<', '<=', '>', '>='] satisfies Operator[]

/** `col = $1`, `col = 'constant'` (a predicate), `col is null`. A comparison of two tables is no condition on one of them. */
function conditionOn(node: Node, own: OwnColumn): Condition[] {
  const test = node['NullTest'] as { arg: Node; nulltesttype: string } | undefined
  if (test) {
    const column = own(test.arg)
    return column === null ? [] : [{ sql: `${ident(column)} is ${test.nulltesttype === 'IS_NULL' ? '' : 'not '}null`, columns: [column] }]
  }
  const expression = node['A_Expr'] as { kind: string; name: { String: { sval: string } }[]; lexpr?: Node; rexpr?: Node } | undefined
  const operator = expression?.name.at(-1)?.String.sval ?? ''
  if (!expression || expression.kind !== 'AEXPR_OP' || !comparable.includes(operator)) return []
  const column = own(expression.lexpr)
  if (column === null || !expression.rexpr) return []
  const constant = deparseConstant(expression.rexpr)
  if (constant !== null && operator === '=') return [{ sql: `${ident(column)} = ${constant}`, columns: [column] }]
  return constant !== null || isParameter(expression.rexpr) ? [{ column, operator: operator as Operator }] : []
}

function isParameter(node: Node): boolean {
  const cast = node['TypeCast'] as { arg: Node } | undefined
  return 'ParamRef' in node || (cast !== undefined && isParameter(cast.arg))
}

function isEquality(condition: Condition): boolean {
  return !('column' in condition) || condition.operator === '='
}

/** Null directions as written; empty as soon as another table or an expression orders the rows. */
function orderOn(clauses: NonNullable<SelectStmt['sortClause']>, own: OwnColumn): OrderBy[] {
  const order = clauses.map(({ SortBy }): OrderBy | null => {
    const column = own(SortBy.node)
    const nulls = SortBy.sortby_nulls === 'SORTBY_NULLS_FIRST' ? 'first' : SortBy.sortby_nulls === 'SORTBY_NULLS_LAST' ? 'last' : null
    return column === null ? null : { column, direction: SortBy.sortby_dir === 'SORTBY_DESC' ? 'desc' : 'asc', nulls }
  })
  return order.includes(null) ? [] : order.filter((one) => one !== null)
}
