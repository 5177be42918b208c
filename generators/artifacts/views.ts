import type { ViewPlan } from '../design/plan.ts'
import { viewUsage } from '../planner/views.ts'
import { renderTemplate } from '../render/template.ts'
import { ident, qualified } from '../sql/identifier.ts'
import { defineArtifact } from './define-artifact.ts'
import { phaseOf, sqlHead } from './sql-file-head.ts'

/** Views with the rights of their caller, and who may select from them. */
export const views = defineArtifact({
  id: 'views',
  title: 'Views with the rights of their caller',
  stage: 'sql',
  render: async (input) => {
    if (input.plan.views.length === 0) return []
    const phase = phaseOf(input, 'views')
    const usage = viewUsage(input.plan, input.catalog).map(({ schema, roles }) => ({ schema: ident(schema), roles: roles.join(', ') }))
    const view = { views: input.plan.views.map(viewOf), usage }
    return [
      { path: phase.migration, kind: 'migration', text: await renderTemplate('views/migration.sql.ejs', { ...view, head: sqlHead(input, phase, 'views with the rights of their caller') }) },
      { path: phase.rollback, kind: 'rollback', text: await renderTemplate('views/rollback.sql.ejs', { ...view, views: view.views.toReversed(), migration: phase.migration }) },
    ]
  },
})

function viewOf({ view, definition }: ViewPlan) {
  return { name: qualified(view), about: view.about, definition, roles: view.roles.join(', ') }
}
