/** Everything that is wrong by the catalog alone, because no request would show it, or because another line of defence hides it. */
import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
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
}

export async function catalogFaults(session: Session, plan: Plan, { access, complete, before }: CatalogState): Promise<string[]> {
  return [
    ...(await excessPrivileges(session, plan, access)),
    ...(complete ? await structureFaults(session, plan) : []),
    ...changedSurroundings(before, await surroundingsOf(session, plan)),
  ]
}
