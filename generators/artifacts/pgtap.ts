import type { Plan } from '../design/plan.ts'
import { renderTemplate } from '../render/template.ts'
import { defineArtifact } from './define-artifact.ts'
import { functionAssertions, tableAssertions } from './pgtap-assertions.ts'
import { scenarioView } from './pgtap-scenario.ts'

/** What `supabase test db` runs: who may do what, and whether anything drifted from the design. */
export const pgtap = defineArtifact({
  id: 'pgtap',
  title: 'pgTAP: access and drift',
  stage: 'test',
  render: async (input) => {
    if (input.plan.tables.length === 0) return []
    const groups = groupsOf(input.plan)
    const scenario = input.scenario && scenarioView(input.scenario, input.plan.tables)
    const count = [...groups.map((group) => group.assertions), ...(scenario?.tables.map((table) => table.expectations) ?? [])].reduce((sum, list) => sum + list.length, 0)
    const text = await renderTemplate('pgtap/test.sql.ejs', { design: input.plan.spec.design, specPath: input.specPath, count, groups, scenario })
    return [{ path: `supabase/tests/${input.plan.spec.design}.test.sql`, kind: 'test', text }]
  },
})

function groupsOf(plan: Plan): { title: string; assertions: string[] }[] {
  return [
    ...plan.tables.map((table) => ({ title: `${table.table.schema}.${table.table.name}`, assertions: tableAssertions(table) })),
    { title: 'functions', assertions: plan.functions.filter((one) => one.kind !== 'trigger').flatMap(functionAssertions) },
  ].filter((group) => group.assertions.length > 0)
}
