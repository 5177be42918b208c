import type { ColumnSpec, QuerySpec, Spec } from '../../design/spec.ts'
import { composedName, ident, qualified } from '../../sql/identifier.ts'
import { queryCandidates } from '../query-index.ts'
import { type AdviceRule, asked } from './proposal.ts'

/** `text @@ query` reads and splits every text; a stored vector has its words in an index. Clients need a function as well. */
export const storedSearch: AdviceRule = {
  id: 'stored-search',
  propose: ({ query: { query }, plan: { spec }, catalog }) => {
    const table = spec.tables.find(({ schema, name }) => schema === query.table?.schema && name === query.table.name)
    if (!table || query.as !== 'service_role') return []
    return query.where.flatMap((condition) => {
      const text = 'column' in condition && condition.operator === '@@' ? table.columns.find(({ name, type }) => name === condition.column && type === 'text') : undefined
      if (!text) return []
      const column: ColumnSpec = { ...text, name: composedName([text.name], 'search'), type: 'tsvector', nullable: true, default: null, generated: `to_tsvector('english', ${ident(text.name)})`, check: null, oneOf: null, comment: null }
      const changed: Spec = { ...spec, tables: spec.tables.map((one) => (one === table ? { ...table, columns: [...table.columns, column] } : one)) }
      const other: QuerySpec = { ...query, where: query.where.map((one) => (one === condition ? { column: column.name, operator: '@@' as const } : one)) }
      const [index = null] = queryCandidates(other, changed, catalog)
      return [
        {
          query, index, runs: 1, factor: 2,
          says: `\`${text.name} @@\` splits the text of every row into words, each time; a stored column keeps them, and an index finds them.`,
          remedy: `Add the column ${column.name}: { type: tsvector, nullable: true, generated: "${column.generated}" }, with the language of the texts, and write: ${column.name} @@`,
          before: asked(query, spec, catalog), after: asked(other, changed, catalog),
          ddl: [`alter table ${qualified(table)} add column ${ident(column.name)} tsvector generated always as (${column.generated}) stored`],
          changed: { table: { schema: table.schema, name: table.name }, column },
        },
      ]
    })
  },
}
