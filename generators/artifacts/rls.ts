import type { GrantPlan, PolicyPlan, TablePlan } from '../design/plan.ts'
import { realtimePublication } from '../planner/realtime.ts'
import { renderTemplate } from '../render/template.ts'
import { ident, identList, qualified } from '../sql/identifier.ts'
import { defineArtifact } from './define-artifact.ts'
import { functionView } from './function-view.ts'
import { phaseOf, sqlHead } from './sql-file-head.ts'

/** Helpers, policies and grants: who may do what, from here on. */
export const rls = defineArtifact({
  id: 'rls',
  title: 'Helpers, policies and grants',
  stage: 'sql',
  render: async (input) => {
    if (input.plan.tables.length === 0) return []
    const phase = phaseOf(input, 'rls')
    const view = {
      functions: input.plan.functions.filter((one) => one.file === 'rls' && !one.exists).map(functionView),
      reused: input.plan.functions.filter((one) => one.file === 'rls' && one.exists).map(functionView),
      usage: input.plan.schemaUsage.map(({ schema, roles }) => ({ schema: ident(schema), roles: roles.join(', ') })),
      tables: input.plan.tables.map(tableView),
      published: input.plan.tables.filter(({ table }) => table.realtime).map(({ table }) => qualified(table)),
      publication: ident(realtimePublication),
    }
    return [
      { path: phase.migration, kind: 'migration', text: await renderTemplate('rls/migration.sql.ejs', { ...view, head: sqlHead(input, phase, 'helpers, policies and grants') }) },
      { path: phase.rollback, kind: 'rollback', text: await renderTemplate('rls/rollback.sql.ejs', { ...view, migration: phase.migration }) },
    ]
  },
})

function tableView({ table, policies, grants }: TablePlan) {
  return {
    name: qualified(table),
    policies: policies.map((policy) => policyView(policy)),
    grants: grants.map((grant) => ({ role: grant.role, privileges: privileges(grant) })),
    roles: grants.map((grant) => grant.role).join(', '),
  }
}

function policyView(policy: PolicyPlan) {
  return {
    name: ident(policy.name),
    kind: policy.permissive ? 'permissive' : 'restrictive',
    command: policy.command,
    roles: policy.roles.join(', '),
    using: policy.using && indented(policy.using),
    check: policy.check && indented(policy.check),
    says: `${policy.command}: ${policy.says}`,
  }
}

/** `select, insert (title, body), delete`. */
function privileges(grant: GrantPlan): string {
  return grant.privileges.map(({ verb, columns }) => (columns === null ? verb : `${verb} (${identList(columns)})`)).join(', ')
}

/** On one line, or each condition on its own. */
function indented(predicate: string): string {
  return predicate.includes('\n') ? `\n    ${predicate.replaceAll('\n', '\n    ')}\n  ` : predicate
}
