import type { Plan } from '../../design/plan.ts'
import { jobPoliciesOn } from '../../planner/jobs.ts'
import type { Session } from '../../postgres/session.ts'
import { markAlways } from './always.ts'
import { type AppliedFunction, type AppliedTable, readFunctions, readOpenTables, readTables } from './applied.ts'
import { functionMutants } from './function-mutants.ts'
import { tablesReached } from './function-reach.ts'
import { grantMutants } from './grant-mutants.ts'
import { membershipMutants, settledByOneRole, settledByReach } from './membership-mutants.ts'
import { jobMutants } from './job-mutants.ts'
import type { Mutant } from './mutant.ts'
import { policyMutants } from './policy-mutants.ts'
import { schemaMutants } from './schema-mutants.ts'
import { structureMutants } from './structure-mutants.ts'
import { readTriggerMutants } from './trigger-mutants.ts'
import { readBucketMutants } from './bucket-mutants.ts'
import { readViewMutants } from './view-mutants.ts'

export interface MutantsOf {
  /** Faults of one table each. */
  own: Mutant[]
  /** Faults of functions that several tables may use. */
  shared: Mutant[]
}

/** Every fault of what protects the tables of the design. The files are applied. */
export async function readMutants(session: Session, plan: Plan): Promise<MutantsOf> {
  const { rows } = await session.query<{ maintain: boolean }>("select current_setting('server_version_num')::int >= 170000 as maintain")
  const tables = await readTables(session, plan)
  markAlways(tables, await readOpenTables(session))
  const functions = await readFunctions(session, plan)
  const ofTables = tables.flatMap((table) => {
    const planned = plan.tables.find((one) => one.table.schema === table.name.schema && one.table.name === table.name.name)
    const people = { ...table, policies: table.policies.filter(({ name }) => !jobPoliciesOn(plan.jobs, table.name).some((policy) => policy.name === name)) }
    return [...policyMutants(people, plan), ...grantMutants(table, { hasMaintain: rows[0]?.maintain === true }), ...(planned ? structureMutants(table, planned) : [])]
  })
  return {
    own: [...ofTables, ...jobMutants(plan), ...(await readViewMutants(session, plan)), ...(await readBucketMutants(session, plan))],
    shared: [...functions.flatMap((one) => ofFunction(one, functions, tables, plan)), ...(await membershipMutants(session, plan)), ...(await readTriggerMutants(session, plan)), ...schemaMutants(plan)].map((mutant) => settledByOneRole(mutant, plan.spec.tenancy)),
  }
}

function ofFunction(called: AppliedFunction, functions: readonly AppliedFunction[], tables: readonly AppliedTable[], { spec }: Plan): Mutant[] {
  const at = tablesReached(called, functions, tables)
  return functionMutants(called, spec.tenancy, rolesAsked(called, functions, tables)).map((mutant) => ({ ...settledByReach(mutant, spec.tenancy), ...(at ? { at } : {}) }))
}

/** `private.org_ids('editor')` in a policy or in the text of another function. */
function rolesAsked({ signature }: AppliedFunction, functions: readonly AppliedFunction[], tables: readonly AppliedTable[]): string[] {
  const texts = [...tables.flatMap(({ policies }) => policies.flatMap(({ using, check }) => [using ?? '', check ?? ''])), ...functions.map(({ definition }) => definition)]
  const call = `${signature.slice(0, signature.indexOf('('))}('`
  return texts.flatMap((text) => text.split(call).slice(1).map((rest) => rest.slice(0, rest.indexOf("'"))))
}
