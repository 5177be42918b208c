/** Rows of a `copy … from stdin` as INSERT statements: no client that sends them is at hand. */
import { ident, identList } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import type { Node } from '../../sql/parser.ts'

interface CopyNode {
  relation: { schemaname?: string; relname: string }
  attlist?: { String: { sval: string } }[]
  options?: unknown[]
}

const atOnce = 500

/** Null where the rows are not in the text format that pg_dump writes. */
export function copiedRows(tree: Node, rows: string): string[] | null {
  const { relation: { schemaname, relname }, attlist = [], options = [] } = tree['CopyStmt'] as CopyNode
  if (options.length > 0) return null
  const table = [...(schemaname === undefined ? [] : [schemaname]), relname].map(ident).join('.')
  const columns = attlist.length > 0 ? ` (${identList(attlist.map(({ String: { sval } }) => sval))})` : ''
  const lines = rows.split(/\r?\n/).filter((line, place, all) => line !== '' || place < all.length - 1)
  return lines.filter((_line, place) => place % atOnce === 0).map((_line, batch) => {
    const values = lines.slice(batch * atOnce, (batch + 1) * atOnce).map((line) => `(${line.split('\t').map(value).join(', ')})`)
    return `insert into ${table}${columns} overriding system value values ${values.join(', ')}`
  })
}

function value(field: string): string {
  return field === '\\N' ? 'null' : literal(field.replaceAll(/\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|([^]))/g, (_whole, hex?: string, octal?: string, one?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    return short[one ?? ''] ?? one ?? ''
  }))
}

const short: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }
