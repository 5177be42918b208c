/** A spec that the reader and the server both accept. */
import { habitsOf } from '../../design/habits.ts'
import { collectIssues } from '../../design/issues.ts'
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
export async function readCheckedSpec({ text, file, server, repository }: ReadRequest): Promise<Spec> {
  const habits = habitsOf(server.catalog, { apiSchemas: repository.config.apiSchemas })
  const spec = await readSpec({ text, file }, { catalog: server.catalog, habits })
  const issues = collectIssues(parseSource({ text, file }), new Set())
  for (const fault of await checkExpressions({ server, spec })) issues.add(fault)
  if (issues.count() === 0) for (const fault of nameClashes(planDesign(spec, server.catalog), server.catalog)) issues.add(fault)
  if (issues.count() > 0) throw new TrrError(issues.list())
  return spec
}
