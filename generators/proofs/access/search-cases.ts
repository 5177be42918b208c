/** What search functions are called with, and what matches, whoever may see it. */
import type { Session } from '../../postgres/session.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import type { Row } from '../fixtures/fixtures.ts'
import { argumentLists, positionsIn } from './search-arguments.ts'
import { type Subject, keyExpression } from './subject.ts'

export interface SearchCase {
  /** Of the function. */
  name: string
  sql: string
  /** Keys of all rows that match, in the order of the pages; the database was asked without any policy. */
  matching: string[]
  size: number
  /** It goes on from a row. */
  isFurther: boolean
}

/** Those of all search functions on the table, whose rows are there. As the owner of the table. */
export async function searchCases(session: Session, subject: Subject): Promise<SearchCase[]> {
  const { plan, table } = subject
  const cases: SearchCase[] = []
  for (const query of plan.queries) {
    const { search, query: { table: read, page } } = query
    if (!search || page.kind !== 'keyset' || read?.schema !== table.schema || read.name !== table.name) continue
    const prepared = ident(`trr_db_${search.name.name}`.slice(0, 60))
    await session.query(`prepare ${prepared} (${query.parameters.map(({ type }) => type).join(', ')}) as ${search.matching}`)
    const ask = async (values: readonly string[], isFurther = false) => {
      const { rows } = await session.query<Record<string, unknown>>(`execute ${prepared} (${values.join(', ')})`)
      const matching = rows.map((row) => table.primaryKey.map((key) => String(row[key])).join('|'))
      cases.push({ name: search.name.name, sql: `select * from ${qualified(search.name)}(${values.join(', ')})`, matching, size: page.size, isFurther })
      return { values, matching }
    }
    const rows = await withValues(session, subject)
    const found = []
    for (const values of argumentLists(query, rows)) found.push(await ask(values))
    for (const one of found.filter(({ matching }) => matching.length > 1).slice(0, 2)) for (const values of positionsIn(query, rows, one)) await ask(values, true)
    await session.query(`deallocate ${prepared}`)
  }
  return cases
}

/** As they are now: a default that is a clock gave other values before. */
async function withValues(session: Session, { table, rows: known }: Subject): Promise<Subject['rows']> {
  const columns = table.columns.map(({ name }) => `${ident(name)}::text as ${ident(name)}`).join(', ')
  const { rows } = await session.query<{ trr_db_key: string } & Row>(`select ${keyExpression(table)} as trr_db_key, ${columns} from ${qualified(table)}`)
  const stored = new Map(rows.map(({ trr_db_key: key, ...values }) => [key, values]))
  return known.map((row) => ({ ...row, values: stored.get(row.key) ?? row.values }))
}
