/** SQL at a place of the spec: exactly one expression over the columns of one table. */
import { type Expression, parseExpression } from '../../sql/expression.ts'
import { type Node, SqlSyntaxError, walk } from '../../sql/parser.ts'
import type { Reading } from './reading.ts'
import type { Path } from '../source.ts'

export interface ExpressionScope {
  /** Null where no column may occur. */
  table: { schema: string; name: string } | null
  columns: readonly string[]
  /** A rule about the row: the same answer for all rows decides nothing. */
  about?: 'row'
  /** Postgres demands the same answer for ever: generated columns and predicates of indexes. */
  immutable?: boolean
}

const maxLength = 10_000
const maxBrackets = 200

/** Null when nothing is there, and after an issue. */
export function readExpression(reading: Reading, path: Path, scope: ExpressionScope): Expression | null {
  const text = reading.source.textOf(path)
  return text === null ? null : checkedExpression(reading, path, text, scope)
}

function checkedExpression(reading: Reading, path: Path, text: string, scope: ExpressionScope): Expression | null {
  const fault: Report = (message, character, remedy) => {
    reading.issues.add({ code: 'SPEC_EXPRESSION', path, message, character, remedy })
    return null
  }
  const expression = parsed(text, fault)
  if (!expression) return null
  const before = reading.issues.count()
  if (expression.hasSubquery) {
    const remedy = 'Store the fact on the row, or express it as a foreign key.'
    fault('A sub-select cannot stand here: the expression is about one row.', placeOf(expression, text, 'SubLink'), remedy)
  }
  if (expression.parameters > 0) fault('A parameter such as $1 cannot stand here.', placeOf(expression, text, 'ParamRef'), 'Write the constant itself.')
  if (isAggregate(expression)) fault('An aggregate or window function cannot stand here: the expression is about one row.', undefined, 'Use the columns of the row only.')
  const moving = scope.immutable ? movingPart(expression) : null
  if (moving !== null) fault(`${moving} gives another answer at another time, and Postgres keeps the first one here.`, undefined, 'Use columns and constants only.')
  for (const reference of columnReferences(expression.tree, text)) checkColumn(reading, path, reference, scope)
  if (scope.about === 'row' && expression.columns.length === 0 && reading.issues.count() === before) fault('The check names no column, so it says the same about every row.', undefined, rowRemedy(scope))
  return reading.issues.count() === before ? expression : null
}

function rowRemedy({ columns }: ExpressionScope): string {
  return `Compare a column, for example: ${columns.find((name) => name !== 'id') ?? 'title'} is not null`
}

type Report = (message: string, character: number | undefined, remedy?: string) => null

function parsed(text: string, fault: Report): Expression | null {
  if (text.trim() === '') return fault('The expression is empty.', undefined, 'Write an expression, or leave the key out.')
  if (text.length > maxLength) return fault(`The expression is longer than ${maxLength} characters.`, undefined, 'Put it into an immutable function of the repository, and call that.')
  const depth = text.match(/[([]|\bcase\b|\bnot\b|[-+~]/gi)?.length ?? 0
  if (depth > maxBrackets) return fault(`The expression has more than ${maxBrackets} brackets and signs.`, undefined, 'Put it into an immutable function of the repository, and call that.')
  try {
    return parseExpression(text)
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    const message = error.message.replace(/[.]?$/, '.')
    return fault(`${message.charAt(0).toUpperCase()}${message.slice(1)}`, error.position || undefined, 'Write exactly one SQL expression.')
  }
}

interface ColumnReference {
  parts: string[]
  character: number
}

function checkColumn({ issues }: Reading, path: Path, { parts, character }: ColumnReference, { table, columns }: ExpressionScope): void {
  const name = parts.at(-1) ?? ''
  const written = parts.join('.')
  if (!table)
    return issues.add({
      code: 'SPEC_EXPRESSION', path, character,
      message: `The column "${written}" cannot stand here: a default knows no other column.`,
      remedy: `For a text write: default: ${written}`,
    })
  const qualifier = parts.slice(0, -1)
  const isOwn = qualifier.every((part, index) => part === [table.schema, table.name].at(index - qualifier.length))
  if (name === '*' || !isOwn)
    return issues.add({
      code: 'SPEC_EXPRESSION', path, character,
      message: `"${written}" is not a column of "${table.name}".`,
      remedy: 'Name columns of this table only.',
    })
  if (!columns.includes(name)) issues.unknown({ path, what: `column of "${table.name}" called`, name, known: columns, character })
}

function columnReferences(tree: Node, text: string): ColumnReference[] {
  const references: ColumnReference[] = []
  walk(tree, (type, node) => {
    if (type !== 'ColumnRef') return
    const parts = (node['fields'] as { String?: { sval: string } }[]).map((field) => field.String?.sval ?? '*')
    references.push({ parts, character: characterOf(node, text) })
  })
  return references
}

function placeOf({ tree }: Expression, text: string, wanted: string): number {
  let place = 0
  walk(tree, (type, node) => {
    if (type === wanted && place === 0) place = characterOf(node, text)
  })
  return place
}

/** Places in the tree are bytes of `select (⏎…`. */
function characterOf(node: Node, text: string): number {
  const bytes = Math.max(0, Number(node['location'] ?? 0) - 'select (\n'.length)
  return Buffer.from(text).subarray(0, bytes).toString().length
}

function isAggregate({ tree }: Expression): boolean {
  let found = false
  walk(tree, (type, node) => {
    if (type === 'FuncCall') found ||= ['over', 'agg_star', 'agg_distinct', 'agg_filter', 'agg_order', 'agg_within_group'].some((key) => key in node)
    found ||= type === 'GroupingFunc'
  })
  return found
}

const movingFunctions = new Set(
  `
    now clock_timestamp statement_timestamp transaction_timestamp timeofday random gen_random_uuid uuid_generate_v4 uuidv7
    nextval uid jwt current_setting
  `.trim().split(/\s+/),
)

function movingPart({ tree, functions }: Expression): string | null {
  let found = functions.find((name) => movingFunctions.has(name))
  walk(tree, (type) => {
    if (type === 'SQLValueFunction') found ??= 'current_timestamp (or alike)'
  })
  return found === undefined ? null : found.endsWith(')') ? found : `${found}()`
}
