import { type Plan, decidesAccess } from '../design/plan.ts'
import type { AccessScenario } from '../design/scenario.ts'
import { existingJobTables, jobPoliciesOn } from '../planner/jobs.ts'
import { renderTemplate } from '../render/template.ts'
import { defineArtifact } from './define-artifact.ts'
import { bucketAssertions, objectsTable } from './pgtap-buckets.ts'
import { actingView } from './pgtap-acting.ts'
import { jobAssertions } from './pgtap-jobs.ts'
import { functionAssertions, tableAssertions } from './pgtap-assertions.ts'
import { type DriftView, columnDrift, functionDrift, policyDrift, structureDrift } from './pgtap-drift.ts'
import { scenarioView } from './pgtap-scenario.ts'
import { roundAssertions, surroundingAssertions } from './pgtap-surroundings.ts'
import { viewAssertions, viewDrift } from './pgtap-views.ts'

/** What `supabase test db` runs: who may do what, and whether anything drifted from the design. */
export const pgtap = defineArtifact({
  id: 'pgtap',
  title: 'pgTAP: access and drift',
  stage: 'test',
  render: async (input) => {
    if (!decidesAccess(input.plan)) return []
    const groups = groupsOf(input.plan, input.scenario)
    const scenario = input.scenario && scenarioView(input.scenario, input.plan.tables)
    const acting = actingView(input.scenario?.acting, input.plan.spec.tenancy)
    const count = [acting?.assertions.length ?? 0, ...groups.map((group) => group.count), ...(scenario?.tables.map((table) => table.expectations.length) ?? [])].reduce((sum, part) => sum + part, 0)
    const text = await renderTemplate('pgtap/test.sql.ejs', { design: input.plan.spec.design, specPath: input.specPath, count, groups, scenario, acting })
    return [{ path: `supabase/tests/${input.plan.spec.design}.test.sql`, kind: 'test', text }]
  },
})

interface Group {
  title: string
  assertions: string[]
  drift: string[]
  count: number
}

function groupsOf(plan: Plan, scenario: AccessScenario | null): Group[] {
  const group = (title: string, assertions: string[], drifts: (DriftView | null)[]): Group => {
    const found = drifts.filter((drift) => drift !== null)
    return { title, assertions, drift: found.flatMap(({ lines }) => lines), count: found.reduce((sum, drift) => sum + drift.assertions, assertions.length) }
  }
  return [
    ...plan.tables.map((table) => group(`${table.table.schema}.${table.table.name}`, [...tableAssertions(table, jobPoliciesOn(plan.jobs, table.table)), ...structureDrift(table), ...roundAssertions(table, plan)], [policyDrift(table.table, [...table.policies, ...jobPoliciesOn(plan.jobs, table.table)]), columnDrift(table)])),
    ...plan.views.map((view) => group(`${view.view.schema}.${view.view.name}`, viewAssertions(view), [viewDrift(view)])),
    ...plan.buckets.map((bucket) => group(`objects in ${bucket.file.bucket}`, bucketAssertions(bucket), [policyDrift(objectsTable, bucket.policies)])),
    group('roles and schemas', surroundingAssertions(plan, scenario), []),
    ...existingJobTables(plan.jobs).map((table) => group(`${table.schema}.${table.name}`, [], [policyDrift(table, jobPoliciesOn(plan.jobs, table))])),
    ...plan.jobs.map((job) => group(`the job ${job.job.role}`, jobAssertions(job, plan), [])),
    group('functions', plan.functions.filter((one) => one.kind !== 'trigger').flatMap(functionAssertions), plan.functions.map(functionDrift)),
  ].filter(({ count }) => count > 0)
}
