/** What policies and helpers look at, so that there are rows and people on either side of each condition. Nothing is concluded from it. */
import { parseExpression } from '../../sql/expression.ts'
import { literal } from '../../sql/literal.ts'
import { partsOf, withoutBrackets } from '../../sql/predicate-parts.ts'
import { whereClauses } from '../../sql/where-clauses.ts'
import { callerColumnOf } from './caller-column.ts'

export interface Hints {
  conditions: RowCondition[]
  /** Columns that are compared with the caller; of any table where `table` is null. */
  callers: { table: string | null; column: string }[]
  /** Claims that are compared with a constant: `['app_metadata', 'role']`, `admin`. */
  claims: { path: string[]; value: string }[]
  /** Somewhere it matters whether a user signed in anonymously. */
  anonymous: boolean
}

/** A condition on one column that needs nothing but its row. */
export interface RowCondition {
  column: string
  /** The column is not qualified. */
  sql: string
}

export interface HintSource {
  /** Of a policy: `schema.table`. */
  table: string | null
  text: string
  /** A condition, or a text with conditions in it. */
  kind: 'condition' | 'body'
}

/** In an order that does not depend on that of the sources, so that two sides of a comparison get the same. */
export function hintsOf(sources: readonly HintSource[]): Hints {
  const leaves = sources.flatMap(({ table, text, kind }) => (kind === 'condition' ? leavesOf(text) : conditionsIn(text).flatMap(leavesOf)).map((leaf) => ({ table, leaf })))
  const conditions = leaves.flatMap(({ leaf }) => rowCondition(leaf))
  const callers = leaves.flatMap(({ table, leaf }) => {
    const found = callerColumnOf(leaf)
    return found ? [{ table: found.qualified ? null : table, column: found.column }] : []
  })
  const texts = sources.map(({ text }) => text)
  return { conditions: distinct(conditions), callers: distinct(callers), claims: distinct(texts.flatMap(claimsIn)), anonymous: texts.some((text) => text.includes('is_anonymous')) }
}

function distinct<Item>(items: readonly Item[]): Item[] {
  const byText = new Map(items.map((item) => [JSON.stringify(item), item]))
  return [...byText.keys()].toSorted().map((key) => byText.get(key) as Item)
}

/** Parts that `and`, `or` and `not` join, those of subqueries included. */
function leavesOf(predicate: string): string[] {
  try {
    const text = withoutBrackets(predicate)
    const parts = partsOf(text)?.parts
    if (parts) return parts.flatMap(leavesOf)
    const negated = /^not\b(.*)$/is.exec(text)?.[1]
    if (negated !== undefined) return leavesOf(negated)
    return [text, ...conditionsIn(text).flatMap(leavesOf)]
  } catch {
    return []
  }
}

function conditionsIn(text: string): string[] {
  try {
    return whereClauses(text).map(({ predicate }) => predicate)
  } catch {
    return []
  }
}

const ownFunction = /[\w"]\.[\w"]+\s*\(|\bcurrent_(setting|user|role)\b|\bsession_user\b/i

function rowCondition(leaf: string): RowCondition[] {
  try {
    const { columns, hasSubquery, isConstant, parameters } = parseExpression(leaf)
    const [first] = columns
    if (!first || hasSubquery || isConstant || parameters > 0 || ownFunction.test(leaf) || columns.some((path) => path.join('.') !== first.join('.'))) return []
    const column = first.at(-1) ?? ''
    // A bare boolean, or a comparison with constants: not with a variable of a function.
    return [{ column, sql: first.length === 1 ? leaf : unqualified(leaf, first) }]
  } catch {
    return []
  }
}

function unqualified(leaf: string, path: readonly string[]): string {
  const pattern = path.map((part) => `"?${part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"?`).join('\\s*\\.\\s*')
  return leaf.replace(new RegExp(pattern, 'g'), path.at(-1) ?? '')
}

/** `(auth.jwt() -> 'app_metadata') ->> 'role' = 'admin'`, in any of the ways it is written. */
function claimsIn(text: string): Hints['claims'] {
  if (!/jwt/i.test(text)) return []
  return [...text.matchAll(/((?:->>?\s*'[^']+'(?:::text)?[\s)]*)+)(?:::[a-z ]+[\s)]*)?(?:=|<>|!=|\bIN\b)\s*(?:ANY\s*)?[\s(]*(?:ARRAY\[)?'([^']+)'/gi)].flatMap(([, steps = '', value = '']) => {
    const path = [...steps.matchAll(/'([^']+)'/g)].map(([, step = '']) => step)
    return ['sub', 'role', 'is_anonymous'].includes(path.join('.')) ? [] : [{ path, value }]
  })
}

/** For a title: without the casts that the server adds to constants. */
export function plainCondition(sql: string): string {
  return sql.replace(/'::(?:character varying|timestamp with(?:out)? time zone|[\w."]+)(?:\(\d+\))?(?:\[\])?/g, "'").replace(/\s+/g, ' ')
}

/** One condition for each label that a column may hold. */
export function labelConditions(column: string, labels: readonly string[]): RowCondition[] {
  return labels.map((label) => ({ column, sql: `${column} = ${literal(label)}` }))
}
