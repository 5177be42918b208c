/** What the plans at scale say about the design's promises. */
import type { PlansEvidence } from '../design/evidence.ts'
import type { Plan, QueryPlan } from '../design/plan.ts'

/** Adds findings to the evidence: queries that cannot run or are not served, indexes that nothing reads. */
export function judgePlans(plan: Plan, evidence: PlansEvidence, refusals: ReadonlyMap<string, string>): void {
  const fail = (finding: string) => {
    evidence.findings.push(finding)
    evidence.status = 'failed'
  }
  for (const query of plan.queries) {
    const { name, as } = query.query
    const refusal = refusals.get(name)
    if (refusal !== undefined) fail(`The query ${name} cannot be run by ${as}: ${refusal}.`)
    else judgeQuery(query, evidence, fail)
  }
  for (const { name, usedBy } of evidence.indexes) {
    if (usedBy.launch.length === 0 && usedBy.horizon.length === 0)
      fail(`No query, foreign key or policy reads the index ${name}, neither at launch nor at the horizon: every write pays for it.`)
  }
}

/** The index that was promised is in the plan at every scale; at the launch of a small table the table itself may be cheaper. */
function judgeQuery({ query, index }: QueryPlan, { queries }: PlansEvidence, fail: (finding: string) => void): void {
  const observed = queries.find(({ name }) => name === query.name)
  if (index === null || !observed) return
  const horizon = observed.atScale.at(-1)
  if (!horizon || horizon.indexes.includes(index)) return
  const instead = [...horizon.indexes, ...horizon.sequentialScans.map((table) => `all of ${table}`)].join(', ') || 'no index'
  const rows = Object.entries(horizon.rows).map(([table, count]) => `${count} rows in ${table}`).join(', ')
  fail(`The index ${index} does not serve the query ${query.name} when ${query.as} runs it: with ${rows} the plan reads ${instead}.`)
}
