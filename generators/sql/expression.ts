/** SQL that a person wrote in the spec: parsed as exactly one expression, one `select` or one type; everything else is refused. */
import { type Node, SqlSyntaxError, parseTree, tidySql, walk } from './parser.ts'

export interface Expression {
  /** What is emitted: the checked text without comments. */
  sql: string
  /** Column references in order of appearance, as written: `['s', 'title']`. */
  columns: string[][]
  /** Functions that it calls, last part of the name, in order of appearance. */
  functions: string[]
  hasSubquery: boolean
  /** True for literals without a column, function or operator. */
  isConstant: boolean
  /** Highest `$n`. */
  parameters: number
  tree: Node
}

const wrapped = (text: string): [string, string, number] => ['select (\n', `${text}\n)`, 'select (\n'.length]

/**
 * One scalar expression or predicate. Throws {@link SqlSyntaxError} with the place in `text`.
 * It is parsed as `select ( … )`, so a second statement, a comment that swallows the end, or a clause cannot get through.
 */
export function parseExpression(text: string): Expression {
  const [head, body, offset] = wrapped(text)
  const statements = shifted(text, offset, () => parseTree(head + body))
  const select = statements[0]?.stmt['SelectStmt'] as SelectStmt | undefined
  const target = select?.targetList?.[0]?.ResTarget
  const plain = select && Object.keys(select).every((key) => ['targetList', 'limitOption', 'op', 'groupDistinct'].includes(key))
  if (statements.length !== 1 || !plain || select.op !== 'SETOP_NONE' || select.targetList?.length !== 1 || !target?.val || 'name' in target || 'RowExpr' in target.val)
    throw new SqlSyntaxError('This is more than one expression.', 0)
  const inner = shifted(text, 0, () => tidyExpression(text))
  return describe(inner, target.val)
}

const onlyReads = 'A query only reads: no insert, update, delete, merge, into or for update.'

/** One `select` (or `with … select`) that only reads. Throws {@link SqlSyntaxError}. */
export function parseSelect(text: string, layout: { lines?: boolean } = {}): Expression & { tables: { schema: string | null; name: string }[] } {
  const source = text.replace(/;\s*$/, '')
  const statements = parseTree(source)
  const statement = statements[0]?.stmt['SelectStmt'] as SelectStmt | undefined
  if (statements.length !== 1 || !statement) throw new SqlSyntaxError('A query is exactly one select.', 0)
  const tables: { schema: string | null; name: string }[] = []
  const bound = new Set<string>()
  if (hasInto(statement)) throw new SqlSyntaxError(onlyReads, 0)
  walk(statement, (type, node) => {
    if (['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'LockingClause'].includes(type)) throw new SqlSyntaxError(onlyReads, 0)
    if (type === 'CommonTableExpr') bound.add(String(node['ctename']))
    if (type === 'RangeVar') tables.push({ schema: (node['schemaname'] as string | undefined) ?? null, name: String(node['relname']) })
  })
  return { ...describe(tidySql(source, layout), statement), tables: tables.filter((table) => table.schema !== null || !bound.has(table.name)) }
}

/** `select … into` creates a table. The clause is a bare field of the tree, which a walk over nodes does not see. */
function hasInto(tree: unknown): boolean {
  if (tree === null || typeof tree !== 'object') return false
  return 'intoClause' in tree || Object.values(tree).some(hasInto)
}

export interface TypeName {
  /** What is emitted, for example `varchar(200)` or `text[]`. */
  sql: string
  /** Null when the type is not qualified; `pg_catalog` for the words of the SQL standard. */
  schema: string | null
  name: string
  isArray: boolean
}

/** One type name. Throws {@link SqlSyntaxError}. */
export function parseTypeName(text: string): TypeName {
  const head = 'select null::'
  const statements = shifted(text, head.length, () => parseTree(head + text))
  const select = statements[0]?.stmt['SelectStmt'] as SelectStmt | undefined
  const cast = (select?.targetList?.[0]?.ResTarget?.val as { TypeCast?: { arg: Node; typeName: TypeNameNode } } | undefined)?.TypeCast
  const plain = select && Object.keys(select).every((key) => ['targetList', 'limitOption', 'op'].includes(key))
  const isNullCast = cast && 'A_Const' in cast.arg
  if (statements.length !== 1 || !plain || select.targetList?.length !== 1 || 'name' in (select.targetList[0]?.ResTarget ?? {}) || !isNullCast)
    throw new SqlSyntaxError('This is not one type name.', 0)
  const names = cast.typeName.names.map((part) => part.String.sval)
  if (cast.typeName.setof || cast.typeName.pct_type) throw new SqlSyntaxError('A column cannot have this type.', 0)
  return {
    sql: tidySql(head + text).slice(head.length),
    schema: names.length > 1 ? (names[0] ?? null) : null,
    name: names.at(-1) ?? '',
    isArray: (cast.typeName.arrayBounds?.length ?? 0) > 0,
  }
}

interface SelectStmt extends Node {
  targetList?: { ResTarget: { val?: Node; name?: string } }[]
  op?: string
}

interface TypeNameNode {
  names: { String: { sval: string } }[]
  arrayBounds?: unknown[]
  setof?: boolean
  pct_type?: boolean
}

function tidyExpression(text: string): string {
  const [head, body] = wrapped(text)
  const tidy = tidySql(head + body)
  return tidy.slice(tidy.indexOf('(') + 1, tidy.lastIndexOf(')')).trim()
}

function describe(sql: string, tree: Node): Expression {
  const found = { columns: [] as string[][], functions: [] as string[], hasSubquery: false, parameters: 0, operators: 0 }
  walk(tree, (type, node) => {
    if (type === 'ColumnRef') found.columns.push((node['fields'] as Node[]).map(fieldName))
    else if (type === 'FuncCall') found.functions.push(fieldName((node['funcname'] as Node[]).at(-1) ?? {}))
    else if (type === 'SubLink') found.hasSubquery = true
    else if (type === 'ParamRef') found.parameters = Math.max(found.parameters, Number(node['number'] ?? 0))
    else if (['A_Expr', 'BoolExpr', 'SQLValueFunction', 'CoalesceExpr', 'CaseExpr'].includes(type)) found.operators += 1
  })
  const { operators, ...rest } = found
  return { sql, tree, ...rest, isConstant: operators === 0 && !rest.columns.length && !rest.functions.length && !rest.hasSubquery }
}

function fieldName(field: Node): string {
  const text = field['String'] as { sval: string } | undefined
  return text?.sval ?? '*'
}

/** Runs the parser on wrapped text and moves the place of a fault back into the text itself. */
function shifted<Result>(text: string, offset: number, parse: () => Result): Result {
  try {
    return parse()
  } catch (error) {
    if (error instanceof SqlSyntaxError) {
      const position = Math.min(Math.max(error.position - offset, 0), text.length)
      const message = error.position - offset >= text.length ? 'The expression ends too early, or a bracket or quote is left open.' : error.message
      throw new SqlSyntaxError(message, position, { cause: error })
    }
    throw error
  }
}
