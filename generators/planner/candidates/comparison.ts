/** The conditions of a plan's node taken apart by the parser: which key of which table is compared how, and with what. */
import { type Node, SqlSyntaxError, parseTree } from '../../sql/parser.ts'
import { type KeyTerm, aliasesIn, columnReference, expressionSql, termOf } from './key-term.ts'

export interface Comparison {
  alias: string
  key: KeyTerm
  kind: 'equal' | 'list' | 'range' | 'prefix' | 'special' | 'filter'
  operator: string
  /** A constant of the text, a value that comes with the call, or a column of another table. */
  with: 'literal' | 'value' | 'join'
  /** Alias of the table that it is joined with. */
  partner: string | null
  /** The condition as SQL, when only constants are in it. */
  literal: string | null
  /** One arm of an OR: an index for it helps only where the other arms have one too. */
  weak: boolean
  /** Several keys that are compared as one row. */
  row: KeyTerm[]
}

/** The expressions of a plan, which names what a sub-plan gives in words of its own. Null for what cannot be read. */
export function parsePlanExpression(text: string): Node | null {
  const readable = text.replaceAll(/\((?:hashed )?(?:Init|Sub)Plan \d+\)/g, '($9999)').replaceAll(/\b(?:hashed )?(?:Init|Sub)Plan \d+\b/g, '$9999')
  try {
    const select = parseTree(`select ${readable}`)[0]?.stmt['SelectStmt'] as { targetList?: { ResTarget: { val?: Node } }[] } | undefined
    return select?.targetList?.[0]?.ResTarget.val ?? null
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null
    throw error
  }
}

export function comparisonsIn(text: string): Comparison[] {
  const tree = parsePlanExpression(text)
  return tree ? visit(tree, false) : []
}

interface Operation {
  kind: string
  name: { String: { sval: string } }[]
  lexpr?: Node
  rexpr: Node
}

function visit(node: Node, weak: boolean): Comparison[] {
  const bool = node['BoolExpr'] as { boolop: string; args: Node[] } | undefined
  if (bool?.boolop === 'NOT_EXPR') return flag(bool.args[0], weak, 'not ')
  if (bool) return bool.boolop === 'AND_EXPR' ? bool.args.flatMap((arg) => visit(arg, weak)) : orArms(bool.args)
  if (columnReference(node)) return flag(node, weak, '')
  const test = node['NullTest'] as { arg: Node; nulltesttype: string } | undefined
  if (test) return nullTest(test, weak)
  const operation = node['A_Expr'] as Operation | undefined
  if (!operation?.lexpr) return []
  const operator = operation.name.at(-1)?.String.sval ?? ''
  if (operation.kind === 'AEXPR_OP_ANY') return operator === '=' ? compared(operation.lexpr, operation.rexpr, operator, { weak, kind: 'list' }) : []
  if (operation.kind !== 'AEXPR_OP') return []
  const [left, right] = [rowOf(operation.lexpr), rowOf(operation.rexpr)]
  if (left && right) return rowComparison(left, right, operator, weak)
  const kind = kindOf(operator)
  return [...compared(operation.lexpr, operation.rexpr, operator, { weak, kind }), ...compared(operation.rexpr, operation.lexpr, commuted[operator] ?? operator, { weak, kind })]
}

/** An OR over one key is a list. */
function orArms(args: readonly Node[]): Comparison[] {
  const arms = args.flatMap((arg) => visit(arg, true))
  const [first] = arms
  const isList = first !== undefined && arms.length === args.length && arms.every((arm) => arm.alias === first.alias && arm.key.text === first.key.text && arm.kind === 'equal' && arm.with !== 'join')
  return isList ? [{ ...first, kind: 'list', weak: false, literal: null }] : arms
}

function flag(node: Node | undefined, weak: boolean, not: string): Comparison[] {
  const term = columnReference(node) ? termOf(node) : null
  return term && node ? [plain(term, { kind: 'equal', operator: '=', with: 'literal', literal: `${not}${expressionSql(node)}`, weak })] : []
}

function nullTest({ arg, nulltesttype }: { arg: Node; nulltesttype: string }, weak: boolean): Comparison[] {
  const term = termOf(arg)
  const sql = term && expressionSql(arg)
  if (!term || !sql) return []
  const isNull = nulltesttype === 'IS_NULL'
  return [plain(term, { kind: isNull ? 'equal' : 'filter', operator: isNull ? 'is null' : 'is not null', with: 'literal', literal: `${sql} is ${isNull ? '' : 'not '}null`, weak })]
}

function compared(left: Node, right: Node, operator: string, { weak, kind }: { weak: boolean; kind: Comparison['kind'] | null }): Comparison[] {
  const term = termOf(left)
  const others = aliasesIn(right)
  if (!term || kind === null || others.has(term.alias)) return []
  const [partner] = others
  const value = others.size === 0 ? expressionSql(right) : null
  const isLiteral = value !== null && !JSON.stringify(right).includes('FuncCall')
  const sql = isLiteral ? (kind === 'list' ? `${keySql(term, left)} = any (${value})` : operator === '=' && (value === 'true' || value === 'false') ? `${value === 'true' ? '' : 'not '}${keySql(term, left)}` : `${keySql(term, left)} ${operator} ${value}`) : null
  const shape = kind === 'prefix' && value !== null && /^\(?'[%_]/.test(value) ? 'special' : kind
  return [{ ...plain(term, { kind: shape, operator, with: partner !== undefined ? 'join' : isLiteral ? 'literal' : 'value', literal: sql, weak }), partner: partner ?? null }]
}

function keySql(term: KeyTerm, node: Node): string {
  return term.isExpression ? `(${term.text})` : (expressionSql(node)?.replace(/^\((.*)\)::(text|bpchar)$/, '$1') ?? term.text)
}

/** `(a, b) < ($1, $2)`: where a page goes on. */
function rowComparison(left: readonly Node[], right: readonly Node[], operator: string, weak: boolean): Comparison[] {
  const terms = left.map(termOf)
  const [first] = terms
  if (!first || terms.includes(null) || right.some((node) => aliasesIn(node).has(first.alias)) || kindOf(operator) !== 'range') return []
  return [{ ...plain(first, { kind: 'range', operator, with: 'value', literal: null, weak }), row: terms.filter((term) => term !== null) }]
}

function rowOf(node: Node): Node[] | null {
  return (node['RowExpr'] as { args: Node[] } | undefined)?.args ?? null
}

function plain({ alias, ...key }: KeyTerm & { alias: string }, rest: Pick<Comparison, 'kind' | 'operator' | 'with' | 'literal' | 'weak'>): Comparison {
  return { alias, key, partner: null, row: [], ...rest }
}

const commuted: Record<string, string> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '@>': '<@', '<@': '@>' }

/** Operators of GIN, GiST and their kin; null for those that no index serves. */
function kindOf(operator: string): Comparison['kind'] | null {
  if (operator === '=') return 'equal'
  if (['<', '<=', '>', '>='].includes(operator)) return 'range'
  if (operator === '~~' || operator === '^@') return 'prefix'
  return ['@>', '<@', '?', '?|', '?&', '&&', '@@', '@?', '~~*', '~', '~*', '%', '<%', '%>', '<->', '<=>', '<#>', '<+>', '-|-', '<<', '>>', '&<', '&>'].includes(operator) ? 'special' : null
}
