import { type Node, parseTree, walk } from '../../../sql/parser.ts'
import { listed, parentOf } from '../one-request.ts'
import type { AdviceRule } from '../proposal.ts'
import { insteadRaw, rawSelect } from './raw-select.ts'

/** A query for each row of another query's page: N+1 requests, where a list of keys would be one. */
export const rawOneRequest: AdviceRule = {
  id: 'one-request',
  propose: (context) => {
    const { query: { query }, plan } = context
    const select = rawSelect(context)
    if (!select || select.limit || select.isAggregate || query.sql === null) return []
    for (const scan of select.scans) {
      const found = parentOf(scan, plan)
      const sql = found && withList(query.sql, found.column)
      if (!found || !sql) continue
      return [
        insteadRaw(context, sql, {
          says: `${query.name} runs as often as if it were sent for each row of a page of ${found.parent.name}. Each is a request with its round trip; for ${listed} keys at once it is one.`,
          remedy: `Compare ${found.column} with a list, and send the keys of the page. A request for each row is right where the pages are rarely opened: then lower its rate.`,
          runs: listed,
          factor: 0.9,
        }),
      ]
    }
    return []
  },
}

/** `x.col = $2` → `x.col = any ($2)`; null where it is not written so. */
function withList(sql: string, column: string): string | null {
  let place: { start: number; end: number; parameter: number } | null = null
  walk(parseTree(sql), (type, node) => {
    const fields = ((node['lexpr'] as Node | undefined)?.['ColumnRef'] as { fields: { String?: { sval: string } }[] } | undefined)?.fields
    const parameter = (node['rexpr'] as Node | undefined)?.['ParamRef'] as { number: number; location?: number } | undefined
    const operator = (node['name'] as { String: { sval: string } }[] | undefined)?.[0]?.String.sval
    if (type !== 'A_Expr' || operator !== '=' || !parameter?.location || fields?.at(-1)?.String?.sval !== column) return
    place = { start: parameter.location, end: parameter.location + `$${parameter.number}`.length, parameter: parameter.number }
  })
  const found = place as { start: number; end: number; parameter: number } | null
  if (!found) return null
  const bytes = Buffer.from(sql)
  return Buffer.concat([bytes.subarray(0, found.start), Buffer.from(`any ($${found.parameter})`), bytes.subarray(found.end)]).toString()
}
