/** What the rules ask about the rows, read from the rows themselves. */
import type { RowFacts } from '../../design/access.ts'
import { type TableSpec, deletionColumn } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import type { Row } from '../fixtures/fixtures.ts'
import { keyExpression } from './subject.ts'
import type { World } from './world.ts'

export interface FoundRow {
  key: string
  values: Row
  facts: RowFacts
}

/** Every row of the table, by key. */
export async function readRows(session: Session, table: TableSpec, world: World): Promise<FoundRow[]> {
  const { where } = table.access
  const listed = table.columns.map(({ name }) => `${ident(name)}::text as ${ident(name)}`).join(', ')
  const { rows } = await session.query<{ key: string; own: boolean; any: boolean; values: Row }>(`
    select ${keyExpression(table)} as key, (${where.own ?? 'true'}) is true as own, (${where.any ?? 'true'}) is true as any,
      (select to_jsonb(v) from (select ${listed}) as v) as values
    from ${qualified(table)} order by 1`)
  return rows.map(({ key, own, any, values }) => ({ key, values, facts: factsOf(table, values, world, { own, any }) }))
}

/** The facts of a row from its values. */
export function factsOf(table: TableSpec, values: Row, world: World, where: RowFacts['where']): RowFacts {
  const deletion = deletionColumn(table)
  const tenant = table.tenantColumn === null ? null : (values[table.tenantColumn] ?? null)
  return {
    owner: table.ownerColumn === null ? null : (values[table.ownerColumn] ?? null),
    tenant,
    organizationDeleted: world.tenants.some(({ key, deleted }) => deleted && key === tenant),
    deleted: deletion !== null && (values[deletion] ?? null) !== null,
    where,
  }
}
