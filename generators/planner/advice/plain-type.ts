import type { Catalog } from '../../design/catalog.ts'
import type { ColumnSpec, QuerySpec, Spec, TableSpec } from '../../design/spec.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { literalList } from '../../sql/literal.ts'
import { queryCandidates } from '../query-index.ts'
import { type AdviceRule, type Proposal, asked } from './proposal.ts'

const comparing = ['=', '<>', '<', '<=', '>', '>=', 'in', 'between']

/** `=` and `<` of numeric and of enums are not leakproof: for clients their indexes are not there. */
export const plainType: AdviceRule = {
  id: 'plain-type',
  propose: ({ query: { query, search }, plan: { spec }, catalog }) => {
    const table = spec.tables.find(({ schema, name }) => schema === query.table?.schema && name === query.table.name)
    if (!table || search || query.as === 'service_role') return []
    return table.columns
      .filter(({ name }) => query.where.some((condition) => ('column' in condition ? condition.column === name && comparing.includes(condition.operator) : condition.columns.includes(name))))
      .flatMap((column) => proposal(query, table, column, spec, catalog))
  },
}

function proposal(query: QuerySpec, table: TableSpec, column: ColumnSpec, spec: Spec, catalog: Catalog): Proposal[] {
  const plain = plainOf(column, catalog)
  if (!plain) return []
  const { type, using, check, remedy } = plain
  const changed: Spec = { ...spec, tables: spec.tables.map((one) => (one === table ? { ...table, columns: table.columns.map((other) => (other === column ? { ...column, type } : other)) } : one)) }
  const [name, target] = [ident(column.name), qualified(table)]
  const [index = null] = queryCandidates(query, changed, catalog)
  return [
    {
      query, remedy, runs: 1, factor: 1.5, index,
      says: `${query.as} compares ${column.name}, and \`=\` and \`<\` of ${column.type} are not leakproof: the comparison waits behind the policy, whatever indexes there are.`,
      before: asked(query, spec, catalog), after: asked(query, changed, catalog),
      ddl: [`alter table ${target} alter column ${name} drop default, alter column ${name} type ${type} using ${using}`, ...(check === null ? [] : [`alter table ${target} add check (${check})`])],
      changed: { table: { schema: table.schema, name: table.name }, column: { ...column, type } },
    },
  ]
}

function plainOf({ name, type }: ColumnSpec, catalog: Catalog): { type: string; using: string; check: string | null; remedy: string } | null {
  const digits = /^numeric\(\d+,\s*(\d+)\)$/.exec(type)?.[1]
  if (digits !== undefined) return { type: 'bigint', using: `(${ident(name)} * ${10 ** Number(digits)})::bigint`, check: null, remedy: `Keep whole numbers of the smallest unit: ${name}: bigint, in ${10 ** Number(digits)}ths` }
  const labels = catalog.types.find((one) => one.kind === 'enum' && (type === `${one.schema}.${one.name}` || type === one.name))?.labels
  return labels ? { type: 'text', using: `${ident(name)}::text`, check: `${ident(name)} in (${literalList(labels)})`, remedy: `Write: ${name}: { type: text, one_of: [${labels.join(', ')}] }` } : null
}
