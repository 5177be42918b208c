/** Who can see a row of a table that the design does not make: the database is asked as each caller, no policy is read. */
import type { Caller } from '../../design/access.ts'
import type { ViaSpec } from '../../design/followed.ts'
import type { Session } from '../../postgres/session.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import { type Identity, isClient } from './identity.ts'
import type { World } from './world.ts'

export interface Sight {
  seenBy(via: ViaSpec, value: string): Promise<ReadonlySet<Caller>>
  /** A sentence for each table that cannot be asked. */
  refusals(): string[]
}

export function createSight(session: Session, world: World): Sight {
  const known = new Map<string, ReadonlySet<Caller>>()
  const refused = new Map<string, string>()
  return {
    refusals: () => [...refused.values()],
    async seenBy(via, value) {
      const name = qualified(via.references)
      const place = JSON.stringify([name, via.key, value])
      const found = known.get(place)
      if (found) return found
      const seen = new Set<Caller>()
      for (const identity of world.identities.filter(isClient)) {
        const answer = await ask(session, identity, `select exists (select from ${name} where ${ident(via.key)}::text = ${literal(value)}) as seen`)
        if (answer === true) seen.add(identity.caller)
        else if (typeof answer === 'string' && via.existing?.some((role) => role === identity.caller.role) && !refused.has(name)) refused.set(name, `who sees rows of ${name} cannot be asked, because a SELECT by ${identity.title} ends with ${answer}`)
      }
      known.set(place, seen)
      return seen
    },
  }
}

/** True, false, or the error. Role and claims go with the savepoint. */
async function ask(session: Session, { caller, claims }: Identity, sql: string): Promise<boolean | string> {
  await session.query('savepoint access_sight')
  try {
    if (claims !== null) await session.query(`select set_config('request.jwt.claims', ${literal(claims)}, true)`)
    await session.query(`set local role ${caller.role}`)
    const { rows } = await session.query<{ seen: boolean }>(sql)
    return rows[0]?.seen === true
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    return `${code}: ${message}`
  } finally {
    await session.query('rollback to savepoint access_sight; release savepoint access_sight')
  }
}
