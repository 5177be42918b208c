/** Which rows a partition takes, from what `pg_get_expr(relpartbound)` prints. */
import { type Node, parseTree } from './parser.ts'

export type PartitionBound =
  /** Of the first key column; null is open. */
  | { kind: 'range'; from: string | null; to: string | null }
  /** Null among the values is null itself. */
  | { kind: 'list'; values: (string | null)[] }
  | { kind: 'hash'; modulus: number }
  | { kind: 'default' }

interface Spec {
  strategy?: string
  is_default?: boolean
  modulus?: number
  listdatums?: Node[]
  lowerdatums?: Node[]
  upperdatums?: Node[]
}

export function parsePartitionBound(text: string): PartitionBound {
  const [statement] = parseTree(`create table partition_ partition of parent_ ${text}`)
  const bound = (statement?.stmt as { CreateStmt?: { partbound?: Spec } } | undefined)?.CreateStmt?.partbound ?? {}
  if (bound.is_default) return { kind: 'default' }
  if (bound.strategy === 'h') return { kind: 'hash', modulus: bound.modulus ?? 1 }
  if (bound.strategy === 'l') return { kind: 'list', values: (bound.listdatums ?? []).map(constant) }
  return { kind: 'range', from: constant(bound.lowerdatums?.[0]), to: constant(bound.upperdatums?.[0]) }
}

/** MINVALUE and MAXVALUE are no constants. libpg_query leaves out zero and false. */
function constant(node: Node | undefined): string | null {
  const value = node?.['A_Const'] as { isnull?: boolean; sval?: { sval?: string }; ival?: { ival?: number }; fval?: { fval: string }; boolval?: { boolval?: boolean } } | undefined
  const cast = node?.['TypeCast'] as { arg: Node } | undefined
  if (cast) return constant(cast.arg)
  if (!value || value.isnull) return null
  if (value.sval) return value.sval.sval ?? ''
  if (value.fval) return value.fval.fval
  return value.boolval ? String(value.boolval.boolval ?? false) : String(value.ival?.ival ?? 0)
}
