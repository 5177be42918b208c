/** Everything that is wrong by the catalog alone, because no request would show it, or because another line of defence hides it. */
import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import { functionsRound } from '../../sql/ways-round.ts'
import { excessPrivileges } from './privileges.ts'
import type { Stage } from './prove-tables.ts'
import { structureFaults } from './structure.ts'
import { changedSurroundings, surroundingsOf } from './surroundings.ts'

export interface CatalogState {
  access: Stage['access']
  /** All files are applied. */
  complete: boolean
  /** What `surroundingsOf` gave before the first file of the design. */
  before: readonly string[]
  /** The state is that of a later migration, and `before` only what is near. */
  near?: boolean
}

export async function catalogFaults(session: Session, plan: Plan, { access, complete, before, near = false }: CatalogState): Promise<string[]> {
  return [
    ...(await excessPrivileges(session, plan, access)),
    ...(complete ? await structureFaults(session, plan) : []),
    ...changedSurroundings(before, await surroundingsOf(session, plan, { near })),
    ...(near ? await openFunctions(session, plan) : []),
  ]
}

/** Functions that somebody else added and that reach the tables of the design. */
async function openFunctions(session: Session, plan: Plan): Promise<string[]> {
  const designed = plan.functions.map(({ name, argumentTypes }) => `${qualified(name)}(${argumentTypes})`)
  if (plan.tables.length === 0) return []
  const { rows } = await session.query<{ way: string }>(plan.tables.map(({ table }) => `select way from (${functionsRound(`${literal(qualified(table))}::regclass`, designed)}) as ways (way)`).join(' union all '))
  return rows.map(({ way }) => way)
}
