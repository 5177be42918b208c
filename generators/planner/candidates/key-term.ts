/** What an index can hold of a row: a column, or an expression over columns of one table. */
import { deparseConstant } from '../../sql/constant.ts'
import { ident } from '../../sql/identifier.ts'
import type { Node } from '../../sql/parser.ts'
import { walk } from '../../sql/parser.ts'

export interface KeyTerm {
  /** The name of a column, or SQL of an expression. */
  text: string
  isExpression: boolean
  columns: string[]
}

/** The table's alias and the column of a reference; null for anything else. */
export function columnReference(node: Node | undefined): { alias: string; column: string } | null {
  const fields = (node?.['ColumnRef'] as { fields: { String?: { sval: string } }[] } | undefined)?.fields.map((field) => field.String?.sval)
  const [alias, column] = fields ?? []
  return fields?.length === 2 && alias !== undefined && column !== undefined ? { alias, column } : null
}

/** Aliases of the tables that an expression reads. */
export function aliasesIn(node: Node | undefined): Set<string> {
  const found = new Set<string>()
  walk(node, (type, inner) => {
    const reference = type === 'ColumnRef' ? columnReference({ ColumnRef: inner }) : null
    if (reference) found.add(reference.alias)
  })
  return found
}

/** Null for what reads no table or several, and for what is not worth an index. */
export function termOf(node: Node | undefined): (KeyTerm & { alias: string }) | null {
  const bare = withoutRelabel(node)
  const reference = columnReference(bare)
  if (reference) return { alias: reference.alias, text: reference.column, isExpression: false, columns: [reference.column] }
  const [alias, ...others] = aliasesIn(bare)
  if (alias === undefined || others.length > 0 || !bare || isNumberCast(bare)) return null
  const text = expressionSql(bare)
  const columns = new Set<string>()
  walk(bare, (type, inner) => {
    const column = type === 'ColumnRef' ? columnReference({ ColumnRef: inner })?.column : undefined
    if (column !== undefined) columns.add(column)
  })
  return text === null ? null : { alias, text, isExpression: true, columns: [...columns] }
}

/** `(name)::text` of a varchar is the column itself to its index. */
function withoutRelabel(node: Node | undefined): Node | undefined {
  const cast = node?.['TypeCast'] as { arg: Node; typeName: TypeName } | undefined
  if (cast && columnReference(cast.arg) && ['text', 'bpchar', 'varchar'].includes(cast.typeName.names.at(-1)?.String.sval ?? '') && !cast.typeName.arrayBounds) return cast.arg
  return node
}

/** A number in the type of what it is compared with: the column's own index would have to be of that type. */
function isNumberCast(node: Node): boolean {
  const cast = node['TypeCast'] as { arg: Node; typeName: TypeName } | undefined
  return cast !== undefined && columnReference(cast.arg) !== null && ['numeric', 'float8', 'float4', 'int8', 'int4'].includes(cast.typeName.names.at(-1)?.String.sval ?? '')
}

interface TypeName {
  names: { String: { sval: string } }[]
  typmods?: Node[]
  arrayBounds?: unknown[]
}

/** SQL of an expression without the aliases of tables; null for a kind that is not known here. */
export function expressionSql(node: Node): string | null {
  const reference = columnReference(node)
  if (reference) return ident(reference.column)
  const constant = deparseConstant(node)
  if (constant !== null) return constant
  if (node['TypeCast']) return castSql(node['TypeCast'] as { arg: Node; typeName: TypeName })
  if (node['FuncCall']) return callSql(node['FuncCall'] as FuncCall)
  if (node['CoalesceExpr']) return listSql('coalesce', (node['CoalesceExpr'] as { args: Node[] }).args)
  const operation = node['A_Expr'] as { kind: string; name: { String: { sval: string } }[]; lexpr?: Node; rexpr: Node } | undefined
  if (operation?.kind !== 'AEXPR_OP') return null
  const [left, right] = [operation.lexpr ? expressionSql(operation.lexpr) : '', expressionSql(operation.rexpr)]
  return left === null || right === null ? null : `(${[left, operation.name.at(-1)?.String.sval, right].filter(Boolean).join(' ')})`
}

function castSql({ arg, typeName }: { arg: Node; typeName: TypeName }): string | null {
  const inner = expressionSql(arg)
  const names = typeName.names.map(({ String: { sval } }) => sval).filter((name) => name !== 'pg_catalog')
  const modifiers = (typeName.typmods ?? []).map(expressionSql)
  if (inner === null || modifiers.includes(null)) return null
  // An unknown literal takes the type of what it is compared with; a text needs no cast.
  if (inner.startsWith("'") && names.length === 1 && ['text', 'bpchar', 'varchar'].includes(names[0] ?? '') && !typeName.arrayBounds) return inner
  return `(${inner})::${names.map(ident).join('.')}${modifiers.length > 0 ? `(${modifiers.join(', ')})` : ''}${'[]'.repeat(typeName.arrayBounds?.length ?? 0)}`
}

interface FuncCall {
  funcname: { String: { sval: string } }[]
  args?: Node[]
  agg_star?: boolean
  over?: unknown
}

function callSql({ funcname, args = [], agg_star: star, over }: FuncCall): string | null {
  const names = funcname.map(({ String: { sval } }) => sval).filter((name) => name !== 'pg_catalog')
  return star || over ? null : listSql(names.map(ident).join('.'), args)
}

function listSql(name: string, args: readonly Node[]): string | null {
  const parts = args.map(expressionSql)
  return parts.includes(null) ? null : `${name}(${parts.join(', ')})`
}
