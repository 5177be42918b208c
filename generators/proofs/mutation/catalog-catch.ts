/** Asks the catalog of a mutated database, where the mutant is: what is elsewhere is as it was. */
import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { jobExcess } from '../access/job-excess.ts'
import { excessPrivileges } from '../access/privileges.ts'
import { structureFaults } from '../access/structure.ts'
import { changedSurroundings, surroundingsOf } from '../access/surroundings.ts'
import type { Catch, Mutant } from './mutant.ts'

/** The first of `catalogFaults`. */
export async function catalogCatch(session: Session, plan: Plan, mutant: Mutant, before: readonly string[]): Promise<Catch | null> {
  const near = nearOf(plan, mutant)
  const questions = mutant.of
    ? [() => jobExcess(session, plan)]
    : [() => excessPrivileges(session, near, 'open'), () => structureFaults(session, near), async () => changedSurroundings(before, await surroundingsOf(session, plan))]
  for (const ask of questions) {
    const [fault] = await ask()
    if (fault !== undefined) return { by: 'catalog', says: fault }
  }
  return null
}

/** The table of the mutant, or the functions of its name; everything where it is neither. */
function nearOf(plan: Plan, { table, hint }: Mutant): Plan {
  const tables = plan.tables.filter((one) => one.table.schema === table?.schema && one.table.name === table.name)
  const functions = plan.functions.filter(({ name }) => table === null && name.name === hint)
  return tables.length > 0 || functions.length > 0 ? { ...plan, tables, functions, views: [], buckets: [] } : plan
}
