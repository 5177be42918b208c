/** Which columns the policies of a table compare with what the caller stands for, so that a query that names one of them as well says it twice. */
import { parseExpression } from '../sql/expression.ts'
import { type Node, conjuncts } from '../sql/parser.ts'

/** A comparison that every row has to pass. */
export interface PolicyGuard {
  column: string
  /** Values that the planner takes the caller to stand for: one, or those of a list that it knows nothing of. */
  elements: number
}

export interface ReadPolicy {
  command: string
  permissive: boolean
  roles: readonly string[]
  using: string | null
}

/** Elements that the planner takes a list to have when it knows nothing of it: `estimate_array_length` in selfuncs.c. */
const listed = 10

/** Of SELECT. Several permissive policies are joined by `or`, and so are no guard. */
export function policyGuards(policies: readonly ReadPolicy[], role: string): PolicyGuard[] {
  const reads = policies.filter(({ command, roles }) => (command === 'select' || command === 'all') && (roles.includes(role) || roles.includes('public')))
  const permissive = reads.filter((policy) => policy.permissive)
  return [...(permissive.length === 1 ? permissive : []), ...reads.filter((policy) => !policy.permissive)].flatMap(({ using }) => (using === null ? [] : guardsOf(using)))
}

/** `col = (select …)` and `col = any (array(select …))` among the conditions that are joined by `and`. */
export function guardsOf(predicate: string): PolicyGuard[] {
  return conjuncts(parseExpression(predicate).tree).flatMap((node) => {
    const comparison = node['A_Expr'] as { kind: string; name: { String: { sval: string } }[]; lexpr?: Node; rexpr?: Node } | undefined
    const column = (comparison?.lexpr?.['ColumnRef'] as { fields: { String?: { sval: string } }[] } | undefined)?.fields.at(-1)?.String?.sval
    const isAsked = comparison?.rexpr?.['SubLink'] !== undefined
    if (!comparison || column === undefined || !isAsked || comparison.name.at(-1)?.String.sval !== '=') return []
    if (comparison.kind === 'AEXPR_OP') return [{ column, elements: 1 }]
    return comparison.kind === 'AEXPR_OP_ANY' ? [{ column, elements: listed }] : []
  })
}
