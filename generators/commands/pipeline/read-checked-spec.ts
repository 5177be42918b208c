/** A spec that the reader and the server both accept. */
import { habitsOf } from '../../design/habits.ts'
import { type Fault, collectIssues } from '../../design/issues.ts'
import type { Plan } from '../../design/plan.ts'
import { readSpec } from '../../design/read-spec.ts'
import { parseSource } from '../../design/source.ts'
import type { Spec } from '../../design/spec.ts'
import { TrrError } from '../../errors.ts'
import { nameClashes } from '../../planner/name-clashes.ts'
import { planDesign } from '../../planner/plan-design.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import { checkExpressions } from '../../proofs/expressions.ts'
import type { Repository } from '../../repository/read.ts'

interface ReadRequest {
  text: string
  file: string
  server: ReplayedServer
  repository: Repository
}

/** Throws a TrrError with all issues: of the text first, then of the expressions in it, then of the names that it leads to. */
export async function readCheckedSpec(request: ReadRequest): Promise<Spec> {
  return (await readCheckedPlan(request)).spec
}

/** The plan whose names were looked at. */
export async function readCheckedPlan({ text, file, server, repository }: ReadRequest): Promise<Plan> {
  const habits = habitsOf(server.catalog, { apiSchemas: repository.config.apiSchemas })
  const spec = await readSpec({ text, file }, { catalog: server.catalog, habits })
  const failOn = (faults: readonly Fault[]) => {
    if (faults.length === 0) return
    const issues = collectIssues(parseSource({ text, file }), new Set())
    for (const fault of faults) issues.add(fault)
    throw new TrrError(issues.list())
  }
  failOn(await checkExpressions({ server, spec }))
  const plan = planDesign(spec, server.catalog)
  failOn(nameClashes(plan, server.catalog))
  return plan
}
