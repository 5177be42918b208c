/** Which values a role column can have: the labels of its enum, or what a check lists. */
import { parseExpression } from '../sql/expression.ts'
import { type Node, SqlSyntaxError } from '../sql/parser.ts'
import type { CatalogColumn, CatalogTable } from './catalog.ts'

/** Null when nothing says so. */
export function allowedRoles(table: CatalogTable, column: CatalogColumn): string[] | null {
  if (column.enumLabels) return column.enumLabels
  const lists = table.checks.map((check) => listedValues(check.expression, column.name)).filter((values) => values !== null)
  return lists.reduce<string[] | null>((common, values) => (common === null ? values : common.filter((value) => values.includes(value))), null)
}

/** `role = ANY (ARRAY['a'::text, …])`, as the server prints `role in ('a', …)`. */
function listedValues(expression: string, column: string): string[] | null {
  const tree = parsed(expression)
  const comparison = tree && (tree['A_Expr'] as { kind: string; lexpr?: Node; rexpr?: Node } | undefined)
  if (!comparison || !['AEXPR_OP_ANY', 'AEXPR_IN'].includes(comparison.kind) || columnOf(comparison.lexpr) !== column) return null
  const list = withoutCast(comparison.rexpr)
  const array = list?.['A_ArrayExpr'] as { elements?: Node[] } | undefined
  const inList = list?.['List'] as { items?: Node[] } | undefined
  const items = (array?.elements ?? inList?.items ?? []).map(constantOf)
  return items.length > 0 && items.every((item) => item !== null) ? items : null
}

function parsed(expression: string): Node | null {
  try {
    return parseExpression(expression.replace(/^CHECK\s*(?=\()/i, '')).tree
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null
    throw error
  }
}

function withoutCast(node: Node | undefined): Node | undefined {
  const cast = node?.['TypeCast'] as { arg: Node } | undefined
  return cast ? withoutCast(cast.arg) : node
}

function columnOf(node: Node | undefined): string | null {
  const fields = (withoutCast(node)?.['ColumnRef'] as { fields?: { String?: { sval: string } }[] } | undefined)?.fields
  return fields?.at(-1)?.String?.sval ?? null
}

function constantOf(node: Node): string | null {
  return (withoutCast(node)?.['A_Const'] as { sval?: { sval: string } } | undefined)?.sval?.sval ?? null
}
