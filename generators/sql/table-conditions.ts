/** Conditions of a select about one table each, as they would stand in a query of that table alone. */
import { parseExpression, parseSelect } from './expression.ts'
import { scanTokens } from './parser.ts'
import { partsOf } from './predicate-parts.ts'
import { selectSources } from './select-columns.ts'
import { whereClauses } from './where-clauses.ts'

export interface TableCondition {
  schema: string
  name: string
  sql: string
}

/** Of its outermost WHERE. What compares tables with each other or looks into others is left out. */
export function tableConditions(sql: string): TableCondition[] {
  const sources = selectSources(parseSelect(sql).tree)
  const [where] = whereClauses(sql)
  if (!where) return []
  const taken = partsOf(where.predicate)
  return (taken?.operator === 'and' ? taken.parts : [where.predicate]).flatMap((part): TableCondition[] => {
    const { columns, hasSubquery } = parseExpression(part)
    const qualifiers = new Set(columns.map((parts) => (parts.length > 1 ? parts.at(-2) : undefined)))
    const [qualifier] = qualifiers
    const source = sources.length === 1 ? sources[0] : sources.find(({ alias }) => alias === qualifier)
    if (hasSubquery || columns.length === 0 || qualifiers.size !== 1 || !source?.schema) return []
    return [{ schema: source.schema, name: source.name, sql: qualifier === undefined ? part : withoutQualifier(part, qualifier) }]
  })
}

/** `d.outcome <> 'x'` → `outcome <> 'x'`. */
function withoutQualifier(text: string, qualifier: string): string {
  const bytes = Buffer.from(text)
  const tokens = scanTokens(text)
  let result = ''
  let end = 0
  for (const [index, token] of tokens.entries()) {
    const isQualifier = tokens[index + 1]?.text === '.' && (token.text === qualifier || token.text === `"${qualifier}"`) && tokens[index - 1]?.text !== '.'
    if (!isQualifier) continue
    result += bytes.subarray(end, token.start).toString()
    end = tokens[index + 1]?.end ?? token.end
  }
  return result + bytes.subarray(end).toString()
}
