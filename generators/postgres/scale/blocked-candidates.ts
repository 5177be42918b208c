/** Indexes that only somebody past row level security would use: what an advisor that plans as superuser recommends in vain. */
import { visitPlan } from '../../planner/candidates/plan-tree.ts'
import type { IndexChoice, WeightedStatement } from './index-choice.ts'
import type { Oracle } from './oracle.ts'

export interface BlockedCandidate {
  place: number
  statement: string
  because: string
}

/** Operators of GIN, GiST and HNSW are not leakproof: they come after the policy, and never into an index condition. */
export async function blockedCandidates(statements: readonly WeightedStatement[], { candidates, problem, refused }: IndexChoice, oracle: Oracle): Promise<BlockedCandidate[]> {
  const isRead = (place: number) => problem.statements.some(({ configurations }) => configurations.some(({ uses }) => uses.includes(place)))
  const special = candidates.flatMap(({ candidate }, place) => (['gin', 'gist', 'spgist', 'hnsw'].includes(candidate.method) && !isRead(place) ? [place] : []))
  const found: BlockedCandidate[] = []
  for (const statement of statements) {
    const own = special.filter((place) => candidates[place]?.candidate.statements.includes(statement.id))
    if (own.length === 0 || refused.has(statement.id) || statement.as === 'postgres') continue
    // The owner of the tables is past their policies.
    const plan = await oracle.plan({ ...statement, as: 'postgres' }, own).catch(() => null)
    if (plan === null) continue
    visitPlan(plan, ({ 'Index Name': index }) => {
      const place = index === undefined ? -1 : candidates.findIndex(({ names }) => names.includes(index))
      if (place === -1 || found.some((one) => one.place === place)) return
      found.push({ place, statement: statement.id, because: `only a role past row level security would read it: for ${statement.as} the operator is not leakproof, and compares after the policy` })
    })
  }
  return found
}
