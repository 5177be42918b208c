import { literal } from './literal.ts'
import type { Node } from './parser.ts'

/** A plain constant of a parse tree as SQL; null for everything else. */
export function deparseConstant(node: Node): string | null {
  const constant = node['A_Const'] as Record<string, Record<string, unknown> | boolean> | undefined
  if (!constant) return null
  const part = (kind: string, key: string, absent: unknown) => {
    const value = constant[kind]
    return typeof value === 'object' ? (value[key] ?? absent) : undefined
  }
  const text = part('sval', 'sval', '')
  if (text !== undefined) return literal(String(text))
  const flag = part('boolval', 'boolval', false)
  if (flag !== undefined) return String(flag)
  const number = part('ival', 'ival', 0) ?? part('fval', 'fval', undefined)
  return number === undefined ? null : String(number)
}
