/** What is known of an expression that an index holds, from what is known of its column. */
import { parseExpression } from '../../sql/expression.ts'
import type { Node } from '../../sql/parser.ts'
import { type ColumnScale, type TableScale, scaleOfColumn } from './table-scale.ts'

/** Functions whose value differs where that of the column does, nearly. */
const telling = new Set(['lower', 'upper', 'btrim', 'ltrim', 'rtrim', 'reverse', 'md5', 'immutable_unaccent', 'unaccent'])
const daysOf: Record<string, number> = { day: 1, week: 7, month: 30.4375, quarter: 91.3125, year: 365.25 }

/** Undefined where it follows from more than one column, or in a way that nothing is known of. */
export function scaleOfExpression(expression: string, table: TableScale): ColumnScale | undefined {
  return follow(parseExpression(expression).tree, table)
}

function follow(node: Node, table: TableScale): ColumnScale | undefined {
  const cast = node['TypeCast'] as { arg: Node } | undefined
  if (cast) return plain(follow(cast.arg, table))
  const column = node['ColumnRef'] as { fields: Node[] } | undefined
  if (column) return scaleOfColumn(table, (column.fields.at(-1)?.['String'] as { sval: string } | undefined)?.sval ?? null)
  const call = node['FuncCall'] as { funcname: Node[]; args?: Node[] } | undefined
  const name = (call?.funcname.at(-1)?.['String'] as { sval: string } | undefined)?.sval ?? ''
  const [first, second] = call?.args ?? []
  if (telling.has(name) && first && !second) return changed(follow(first, table), name)
  const unit = (first?.['A_Const'] as { sval?: { sval: string } } | undefined)?.sval?.sval ?? ''
  const days = daysOf[unit]
  if (name !== 'date_trunc' || !second || days === undefined) return undefined
  const times = follow(second, table)
  return times?.spread?.kind === 'time' ? { ...times, distinct: Math.max(1, Math.min(times.distinct, times.spread.days / days)), mostCommon: [], measured: null } : undefined
}

/** Values of another type or form: how many there are is known, what they are is not. */
function plain(column: ColumnScale | undefined): ColumnScale | undefined {
  return column && { ...column, mostCommon: [], spread: null, heldElements: null, measured: null }
}

function changed(column: ColumnScale | undefined, name: string): ColumnScale | undefined {
  if (!column || (name !== 'lower' && name !== 'upper')) return plain(column)
  const change = (value: string) => (name === 'lower' ? value.toLowerCase() : value.toUpperCase())
  const shares = new Map<string, number>()
  for (const { value, share } of column.mostCommon) shares.set(change(value), (shares.get(change(value)) ?? 0) + share)
  return { ...column, mostCommon: [...shares].map(([value, share]) => ({ value, share })), measured: null }
}
