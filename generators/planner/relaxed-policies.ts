/**
 * What policies ask of every row and the query asks as well, a tenant or an owner. Postgres multiplies the shares of both,
 * and counts a descent into the index for each element of a list. Rows and reads are those of the query without it.
 */
import type { QualifiedName } from '../sql/identifier.ts'
import { parseExpression } from '../sql/expression.ts'
import type { Node } from '../sql/parser.ts'
import { partsOf } from '../sql/predicate-parts.ts'

export interface ReadPolicy {
  name: string
  command: string
  permissive: boolean
  roles: readonly string[]
  using: string | null
}

/** A policy without what was asked before it. */
export interface RelaxedPolicy {
  table: QualifiedName
  name: string
  using: string
}

/** For SELECT of a query that compares the columns with one value each. Several permissive policies are joined by `or`: none of them binds. */
export function relaxedPolicies(table: QualifiedName, policies: readonly ReadPolicy[], role: string, columns: readonly string[]): RelaxedPolicy[] {
  const reads = policies.filter(({ command, roles }) => (command === 'select' || command === 'all') && (roles.includes(role) || roles.includes('public')))
  const permissive = reads.filter((policy) => policy.permissive)
  const asked = new Set(columns)
  return [...(permissive.length === 1 ? permissive : []), ...reads.filter((policy) => !policy.permissive)].flatMap(({ name, using }) => {
    if (using === null) return []
    const parts = conjunctionOf(using)
    const kept = parts.filter((part) => {
      const column = guardedColumn(part)
      const isRepeated = column !== null && asked.has(column)
      if (column !== null) asked.add(column)
      return !isRepeated
    })
    return kept.length === parts.length ? [] : [{ table: { schema: table.schema, name: table.name }, name, using: kept.map((part) => `(${part})`).join(' and ') || 'true' }]
  })
}

function conjunctionOf(predicate: string): string[] {
  const parts = partsOf(predicate)
  return parts?.operator === 'and' ? parts.parts.flatMap(conjunctionOf) : [predicate]
}

/** Of `col = (select …)` and `col = any (array(select …))`. */
function guardedColumn(part: string): string | null {
  const comparison = parseExpression(part).tree['A_Expr'] as { kind: string; name: { String: { sval: string } }[]; lexpr?: Node; rexpr?: Node } | undefined
  const column = (comparison?.lexpr?.['ColumnRef'] as { fields: { String?: { sval: string } }[] } | undefined)?.fields.at(-1)?.String?.sval
  const isGuard = comparison?.rexpr?.['SubLink'] !== undefined && comparison.name.at(-1)?.String.sval === '=' && ['AEXPR_OP', 'AEXPR_OP_ANY'].includes(comparison.kind)
  return isGuard ? (column ?? null) : null
}
