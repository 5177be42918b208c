/** Rows that are shared with everybody at once: who of them passes is for the spec to say. */
import type { TableSpec } from '../../design/spec.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { type Fixtures, type Row, isOpen } from '../fixtures/fixtures.ts'
import { valueOf } from './subject.ts'
import type { World } from './world.ts'

export interface ShareWish {
  id: string
  level: string | null
  /** Given and taken back. */
  taken: boolean
  /** With one other person instead of everybody. */
  only: boolean
}

interface Place {
  id: string
  title: string
  given: Record<string, unknown>
}

/** The first owner's row at each level, one that is shared with one person only, and one that is no longer shared; one of a second owner, so that the first is shared with as well. */
export function shareWishes<Of extends Place>({ access: { shares } }: TableSpec, [first, second]: readonly Of[]): { share: ShareWish; title: string; of: Of }[] {
  if (shares === null || !first) return []
  const levels = shares.level === null ? [null] : shares.levels
  const titled = (level: string | null) => (level === null ? 'shared with everybody' : `shared with everybody as ${level}`)
  const share = (id: string, level: string | null, { taken = false, only = false } = {}): ShareWish => ({ id, level, taken, only })
  const [weakest = null, strongest = weakest] = [levels[0], levels.at(-1)]
  return [
    ...levels.map((level) => ({ share: share(`shared:${level ?? ''}`, level), title: titled(level), of: first })),
    { share: share('unshared', strongest, { taken: true }), title: 'no longer shared', of: first },
    { share: share('shared:one', strongest, { only: true }), title: 'shared with one other', of: first },
    ...(second ? [{ share: share(`shared:${weakest ?? ''}`, weakest), title: titled(weakest), of: second }] : []),
  ]
}

/** Sentences for shares that could not be made. */
export async function seedShares(fixtures: Fixtures, table: TableSpec, world: World, row: Row, { level, taken, only }: ShareWish): Promise<string[]> {
  const { shares } = table.access
  if (shares === null) return []
  const key = row[table.primaryKey[0] ?? ''] ?? null
  const owner = table.ownerColumn === null ? null : row[table.ownerColumn]
  const others = (identities: World['identities']) => [...new Set(identities.flatMap(({ caller }) => caller.userId ?? []))].filter((user) => user !== owner)
  const users = only ? others(world.owners.map(({ identity }) => identity)).slice(0, 1) : others(world.identities)
  const shape = fixtures.shape(shares.table)
  const tenant = table.tenantColumn !== null && shape.columns.some(({ name }) => name === table.tenantColumn) ? { [table.tenantColumn]: row[table.tenantColumn] ?? null } : {}
  const taking = taken && shares.deleted !== null ? { [shares.deleted]: '2024-01-02' } : {}
  const open: string[] = []
  for (const user of users) {
    const given = { ...tenant, [shares.row]: key, [shares.user]: user, ...(shares.level === null ? {} : { [shares.level]: level }), ...taking }
    const share = await fixtures.row(shares.table, { given })
    if (isOpen(share)) open.push(`${shares.table.schema}.${shares.table.name}: no share, because ${share.open}`)
  }
  if (taken && shares.deleted === null) await fixtures.change(`delete from ${qualified(shares.table)} where ${ident(shares.row)} = ${valueOf(table, table.primaryKey[0] ?? '', key)}`)
  return open.slice(0, 1)
}
