/** Columns of types that no server of ours has, as text: the table is there, and what else it holds can be planned. */
import { type Node, scanTokens, walk } from '../../sql/parser.ts'

export interface StandIn {
  sql: string
  columns: string[]
}

/** `type`: as the server names it, "public.geometry(Point,4326)" or "geometry". Null where no column is of it. */
export function withTextFor(type: string, sql: string, tree: Node): StandIn | null {
  const wanted = type.replace(/\(.*$/, '').replace(/\[\]$/, '').split('.').at(-1)?.replaceAll('"', '')
  const found: { column: string; start: number }[] = []
  walk(tree, (kind, node) => {
    const { names = [], location } = (node['typeName'] ?? {}) as { names?: { String?: { sval: string } }[]; location?: number }
    if (kind === 'ColumnDef' && location !== undefined && names.at(-1)?.String?.sval === wanted) found.push({ column: String(node['colname']), start: location })
  })
  if (found.length === 0) return null
  // The parser tells places in bytes.
  let bytes = Buffer.from(sql)
  const tokens = scanTokens(sql)
  for (const { start } of found.toReversed()) {
    const end = endOfType(tokens, start)
    bytes = Buffer.concat([bytes.subarray(0, start), Buffer.from('text'), bytes.subarray(end)])
  }
  return { sql: bytes.toString(), columns: found.map(({ column }) => column) }
}

/** After its name, and what stands in brackets behind it. */
function endOfType(tokens: ReturnType<typeof scanTokens>, start: number): number {
  let at = tokens.findIndex((token) => token.start === start)
  while (tokens[at + 1]?.text === '.') at += 2
  for (const [open, close] of [['(', ')'], ['[', ']']] as const) {
    if (tokens[at + 1]?.text !== open) continue
    while (tokens[at]?.text !== close && at < tokens.length) at += 1
  }
  return tokens[at]?.end ?? start
}
