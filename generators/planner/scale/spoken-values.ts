/** Texts that the queries of a design name. ANALYZE would have met them among the elements that it keeps. */
import type { Plan } from '../../design/plan.ts'
import { parseTree, walk } from '../../sql/parser.ts'

const most = 200
/** A plan is asked for every table that it makes. */
const known = new WeakMap<Plan['queries'], string[]>()

/** Whole constants, and their words: `'{news,sport}'` and `'word & other'` hold two each. */
export function spokenValues({ queries }: Pick<Plan, 'queries'>): string[] {
  const values = known.get(queries) ?? [...new Set(queries.flatMap(({ sql }) => textsIn(sql)))].slice(0, most)
  known.set(queries, values)
  return values
}

function textsIn(sql: string): string[] {
  const found: string[] = []
  walk(parseTree(sql), (type, node) => {
    const text = type === 'A_Const' ? (node['sval'] as { sval?: string } | undefined)?.sval : undefined
    if (text !== undefined) found.push(text, ...(text.match(/[\p{L}\p{N}_-]+/gu) ?? []))
  })
  return found
}
