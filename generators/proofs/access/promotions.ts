/** Memberships that were there before the design: can a client write itself a stronger one? Then no policy of the design holds. */
import type { PromotionEvidence } from '../../design/evidence.ts'
import type { OrganizationTenancy, Spec } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { ident, identList, qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import { type Fixtures, isOpen } from '../fixtures/fixtures.ts'
import { refusalOf } from '../proof-error.ts'
import { type Identity, isClient, witness } from './identity.ts'
import { run } from './runner.ts'
import type { World } from './world.ts'

export interface Promotions {
  /** `role`: what must be stored; null = any membership there is one too many. */
  tries: { identity: Identity; title: string; sql: string; user: string; organization: string; role: string | null }[]
  /** One row `(key, version, …)` for each membership. */
  stateQuery: string
  open: string[]
}

/** Null where the design makes the memberships itself, or there are none. What cannot be made is said, and stops nothing. */
export async function promotionsOf(fixtures: Fixtures, { tenancy }: Spec, world: World): Promise<Promotions | null> {
  if (tenancy.model !== 'organization' || tenancy.create) return null
  const { table, user, organization, role } = tenancy.memberships
  const strongest = role === null ? null : (tenancy.roles.at(-1) ?? '')
  const [a, b] = world.tenants.map(({ key }) => key)
  const key = (value: string) => `${literal(value)}::${tenancy.type}`
  const own = (id: string) => `${ident(user)} = ${literal(id)}::uuid`
  const promotions: Promotions = { tries: [], stateQuery: stateQuery(tenancy), open: [] }
  if (a === undefined || b === undefined) return promotions
  const people = world.identities.filter((identity) => isClient(identity) && identity.caller.userId !== null)
  for (const identity of people) {
    const id = identity.caller.userId ?? ''
    const homes = identity.caller.memberships.map((one) => one.organization)
    const inA = identity.caller.memberships.find((one) => one.organization === a)
    const add = (title: string, sql: string, where: string, stored: string | null) => promotions.tries.push({ identity, title, sql, user: id, organization: where, role: stored })
    if (role !== null && inA && inA.role !== strongest) add(`becomes ${strongest} of A by an UPDATE`, `update ${qualified(table)} set ${ident(role)} = ${literal(strongest ?? '')} where ${own(id)} and ${ident(organization)} = ${key(a)}`, a, strongest)
    if (inA && !homes.includes(b)) add('moves the own membership to B by an UPDATE', `update ${qualified(table)} set ${ident(organization)} = ${key(b)} where ${own(id)} and ${ident(organization)} = ${key(a)}`, b, null)
    if (homes.length > 0 && !['stranger', 'removed'].includes(identity.id)) continue
    const draft = await fixtures.draft(table, { given: { [user]: id, [organization]: a, ...(role === null ? {} : { [role]: strongest }) } }).catch((error: unknown) => ({ open: refusalOf(error) }))
    if (isOpen(draft)) {
      promotions.open.push(`whether ${identity.title} can join by an INSERT, because ${draft.open}`)
      continue
    }
    const needed = [user, organization, ...(role === null ? [] : [role])]
    const all = Object.keys(draft.columns).filter((column) => draft.columns[column] !== null)
    const insert = (columns: readonly string[]) => `insert into ${qualified(table)} (${identList(columns)}) values (${columns.map((column) => literal(draft.columns[column] ?? '')).join(', ')})`
    for (const columns of [needed, ...(all.length > needed.length ? [all] : [])]) add(`joins A${strongest === null ? '' : ` as ${strongest}`} by an INSERT`, insert(columns), a, strongest)
  }
  return promotions
}

/** Everything happens in one transaction that is rolled back. */
export async function provePromotions(session: Session, { world, promotions }: { world: string; promotions: Promotions | null }): Promise<PromotionEvidence | null> {
  if (!promotions) return null
  const { tries, open } = promotions
  await session.query('begin')
  try {
    await session.query(world)
    const outcomes = await run(session, tries.map(({ identity, sql }) => ({ identity, sql, keys: null, readsState: 'always' as const })), promotions.stateQuery)
    // What is stored counts: a trigger may have written something else.
    const passed = tries.filter(({ user, organization, role }, place) => {
      const stored = outcomes[place]?.state?.[`${user}|${organization}`]
      return outcomes[place]?.code === null && stored !== undefined && (role === null || stored.version === role)
    })
    return { asked: tries.length, passed: passed.map(({ identity, title, sql }) => ({ says: `${identity.title} ${title}`, request: witness(identity, sql) })), open }
  } finally {
    await session.query('rollback')
  }
}

function stateQuery({ memberships: { table, user, organization, role } }: OrganizationTenancy): string {
  return `select concat_ws('|', ${ident(user)}, ${ident(organization)}) as key, ${role === null ? "''" : `${ident(role)}::text`} as version, null::text as owner, null::text as tenant, false as deleted from ${qualified(table)}`
}
