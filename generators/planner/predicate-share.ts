/** How much of a table a partial index holds, from the shares that the spec declares. */
import type { TableSpec } from '../design/spec.ts'
import { type TableScale, scaleOfColumn } from './scale/table-scale.ts'
import { arrayElements } from '../sql/array-literal.ts'
import { parseExpression } from '../sql/expression.ts'
import type { Node } from '../sql/parser.ts'

export interface Share {
  /** Between 0 and 1. */
  share: number
  /** False when the spec does not declare a part of it, which then counts as all rows. */
  declared: boolean
}

/** What is known of single columns; null where nothing is. */
export interface KnownShares {
  nulls(column: string): number | null
  value(column: string, value: string): number | null
}

/** Only what the spec declares. */
export function declaredShares({ scale }: Pick<TableSpec, 'scale'>): KnownShares {
  return { nulls: (column) => scale.nulls[column] ?? null, value: (column, value) => scale.skew[column]?.[value] ?? null }
}

/** What the planner of the server is told, assumptions included. */
export function assumedShares(table: TableScale): KnownShares {
  return {
    nulls: (column) => scaleOfColumn(table, column)?.nullShare ?? null,
    value(column, value) {
      const found = scaleOfColumn(table, column)
      const common = found?.mostCommon.find((one) => one.value === value)
      if (!found || common) return common?.share ?? null
      const left = 1 - found.nullShare - found.mostCommon.reduce((sum, one) => sum + one.share, 0)
      return Math.max(0, left) / Math.max(1, found.distinct - found.mostCommon.length)
    },
  }
}

/** Columns are taken as independent of each other. */
export function predicateShare(where: string | null, known: KnownShares): Share {
  if (where === null) return { share: 1, declared: true }
  const share = shareOf(parseExpression(where).tree, known)
  return { share: share ?? 1, declared: share !== null }
}

/** Null when the spec does not say. */
function shareOf(node: Node, known: KnownShares): number | null {
  const and = node['BoolExpr'] as { boolop: string; args: Node[] } | undefined
  if (and?.boolop === 'AND_EXPR') return product(and.args.map((arg) => shareOf(arg, known)))
  if (and?.boolop === 'NOT_EXPR') return inverse(shareOf(and.args[0] ?? {}, known))
  const isNull = node['NullTest'] as { nulltesttype: string; arg: Node } | undefined
  if (isNull) {
    const nulls = known.nulls(columnIn(isNull.arg) ?? '')
    return isNull.nulltesttype === 'IS_NULL' ? nulls : inverse(nulls)
  }
  const compared = node['A_Expr'] as { kind: string; name: Node[]; lexpr: Node; rexpr: Node } | undefined
  if (compared?.kind === 'AEXPR_OP_ANY' || compared?.kind === 'AEXPR_IN') return listShare(columnIn(compared.lexpr), valuesIn(compared.rexpr), known)
  const operator = (compared?.name[0]?.['String'] as { sval: string } | undefined)?.sval
  if (compared && (operator === '=' || operator === '<>')) {
    const equal = valueShare(columnIn(compared.lexpr), constantIn(compared.rexpr), known)
    return operator === '=' ? equal : inverse(equal)
  }
  return valueShare(columnIn(node), 'true', known)
}

/** An unknown factor is left out: the product is then too high, never too low. */
function product(shares: (number | null)[]): number | null {
  const known = shares.filter((share) => share !== null)
  return known.length === 0 ? null : known.reduce((total, share) => total * share, 1)
}

function inverse(share: number | null): number | null {
  return share === null ? null : 1 - share
}

function valueShare(column: string | null, value: string | null, known: KnownShares): number | null {
  return column === null || value === null ? null : known.value(column, value)
}

function listShare(column: string | null, values: readonly string[] | null, known: KnownShares): number | null {
  const shares = values?.map((value) => valueShare(column, value, known)) ?? [null]
  return shares.includes(null) ? null : Math.min(1, shares.reduce((sum: number, share) => sum + (share ?? 0), 0))
}

/** Of `in (…)`, `array[…]` and `'{a,"b c"}'`. */
function valuesIn(node: Node): string[] | null {
  const cast = node['TypeCast'] as { arg: Node } | undefined
  if (cast) return valuesIn(cast.arg)
  const items = ((node['List'] as { items: Node[] } | undefined)?.items ?? (node['A_ArrayExpr'] as { elements: Node[] } | undefined)?.elements)?.map(constantIn)
  if (items) return items.includes(null) ? null : (items as string[])
  const text = constantIn(node)
  return text?.startsWith('{') ? arrayElements(text) : null
}

function columnIn(node: Node): string | null {
  const fields = (node['ColumnRef'] as { fields: Node[] } | undefined)?.fields
  return (fields?.at(-1)?.['String'] as { sval: string } | undefined)?.sval ?? null
}

/** libpg_query leaves out zero and false. */
function constantIn(node: Node): string | null {
  const constant = node['A_Const'] as { sval?: { sval: string }; ival?: { ival?: number }; boolval?: { boolval?: boolean } } | undefined
  if (constant?.sval) return constant.sval.sval
  if (constant?.ival) return String(constant.ival.ival ?? 0)
  if (constant?.boolval) return String(constant.boolval.boolval ?? false)
  const cast = node['TypeCast'] as { arg: Node } | undefined
  return cast ? constantIn(cast.arg) : null
}
