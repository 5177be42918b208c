/** A predicate taken apart by the parser, so that it can be put together again without one of its parts. */
import { parseExpression } from './expression.ts'
import { scanTokens } from './parser.ts'

export interface PredicateParts {
  operator: 'and' | 'or'
  /** The source of each part, without brackets around it. */
  parts: string[]
}

/** Null for a predicate that is neither `and` nor `or` on the outside. */
export function partsOf(predicate: string): PredicateParts | null {
  const text = withoutBrackets(predicate)
  const tree = parseExpression(text).tree['BoolExpr'] as { boolop: string; args: unknown[] } | undefined
  const operator = tree?.boolop === 'AND_EXPR' ? 'and' : tree?.boolop === 'OR_EXPR' ? 'or' : null
  if (!tree || operator === null) return null
  const bytes = Buffer.from(text)
  const parts: string[] = []
  let start = 0
  for (const { end, next } of divisions(text, operator)) {
    const piece = bytes.subarray(start, end).toString().trim()
    // The AND of BETWEEN divides nothing: what does not stand for the next part is not at its end yet.
    if (!means(piece, tree.args[parts.length])) continue
    parts.push(withoutBrackets(piece))
    start = next
  }
  return parts.length === tree.args.length ? { operator, parts } : null
}

/** The predicate without brackets that enclose all of it. */
export function withoutBrackets(predicate: string): string {
  const text = predicate.trim()
  const tokens = scanTokens(text)
  if (tokens[0]?.text !== '(') return text
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0
    if (depth === 0 && index < tokens.length - 1) return text
  }
  return withoutBrackets(Buffer.from(text).subarray(1, -1).toString())
}

/** Where the operator stands outside of brackets, and the end of the text; in bytes. */
function divisions(text: string, operator: 'and' | 'or'): { end: number; next: number }[] {
  const found: { end: number; next: number }[] = []
  let depth = 0
  for (const token of scanTokens(text)) {
    depth += '(['.includes(token.text) ? 1 : ')]'.includes(token.text) ? -1 : 0
    if (depth === 0 && token.text.toLowerCase() === operator) found.push({ end: token.start, next: token.end })
  }
  const end = Buffer.byteLength(text)
  return [...found, { end, next: end }]
}

function means(piece: string, tree: unknown): boolean {
  try {
    return shape(parseExpression(piece).tree) === shape(tree)
  } catch {
    return false
  }
}

/** Without places: the same text stands elsewhere. */
function shape(tree: unknown): string {
  return JSON.stringify(tree, (key, value: unknown) => (key === 'location' || key.startsWith('list_') || key === 'rexpr_list_end' || key === 'rexpr_list_start' ? undefined : value))
}
