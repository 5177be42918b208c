/** `user_id = auth.uid()`, however it is written: which column holds the caller. */
import { parseExpression } from '../../sql/expression.ts'
import type { Node } from '../../sql/parser.ts'

const caller = /\bauth\s*\.\s*uid\s*\(\s*\)|request\.jwt\.claims?\b[^]*\bsub\b|\bjwt\s*\(\s*\)\s*->>\s*'sub'/i

export function callerColumnOf(leaf: string): { column: string; qualified: boolean } | null {
  if (!caller.test(leaf)) return null
  try {
    const { tree, columns } = parseExpression(leaf)
    const comparison = tree['A_Expr'] as { kind?: string; name?: { String?: { sval?: string } }[]; lexpr?: Node; rexpr?: Node } | undefined
    const path = columns[0]
    if (comparison?.name?.at(-1)?.String?.sval !== '=' || columns.length !== 1 || !path || ![comparison.lexpr, comparison.rexpr].some((side) => isColumn(side))) return null
    return { column: path.at(-1) ?? '', qualified: path.length > 1 }
  } catch {
    return null
  }
}

function isColumn(node: Node | undefined): boolean {
  const cast = node?.['TypeCast'] as { arg?: Node } | undefined
  return node !== undefined && ('ColumnRef' in node || (cast !== undefined && isColumn(cast.arg)))
}
