import type { Plan, TablePlan } from '../design/plan.ts'
import { renderTemplate } from '../render/template.ts'
import { ident, identList, qualified, sequenceName } from '../sql/identifier.ts'
import { columnDefinition, constraintDefinitions, foreignKeyConstraint } from './column-definition.ts'
import { type ArtifactInput, defineArtifact } from './define-artifact.ts'
import { functionView } from './function-view.ts'
import { phaseOf, sqlHead } from './sql-file-head.ts'

/** Tables, keys, triggers, comments: with row level security on and every client's privilege revoked. */
export const tables = defineArtifact({
  id: 'tables',
  title: 'Tables, keys and triggers, closed to every client',
  stage: 'sql',
  render: async (input) => {
    if (input.plan.tables.length === 0) return []
    const phase = phaseOf(input, 'tables')
    const view = tablesView(input.plan)
    return [
      { path: phase.migration, kind: 'migration', text: await renderTemplate('tables/migration.sql.ejs', { ...view, head: sqlHead(input, phase, 'tables, keys and triggers. Closed to every client until the next file') }) },
      { path: phase.rollback, kind: 'rollback', text: await renderTemplate('tables/rollback.sql.ejs', { ...view, migration: phase.migration, lost: lostTables(input) }) },
    ]
  },
})

function tablesView(plan: Plan) {
  const deferred = plan.tables.map((table) => laterForeignKeys(table, plan))
  return {
    schemas: plan.newSchemas.map(ident),
    functions: plan.functions.filter((one) => one.file === 'tables' && !one.exists).map(functionView),
    tables: plan.tables.map((table, index) => tableView(table, deferred[index] ?? [])),
    foreignKeys: plan.tables.flatMap(({ table }, index) => (deferred[index] ?? []).map((key) => ({ table: qualified(table), definition: foreignKeyConstraint(key), name: ident(key.name) }))),
  }
}

function tableView(plan: TablePlan, later: TablePlan['foreignKeys']) {
  const now = { ...plan, foreignKeys: plan.foreignKeys.filter((key) => !later.includes(key)) }
  const { table } = plan
  return {
    name: qualified(table),
    about: table.about,
    lines: [...plan.columns.map(columnDefinition), ...constraintDefinitions(now)],
    columnComments: plan.columns.filter((column) => column.comment !== null).map((column) => ({ name: `${qualified(table)}.${ident(column.name)}`, comment: column.comment })),
    uniqueIndexes: plan.uniques
      .filter((unique) => unique.kind === 'index')
      .map((unique) => ({ name: ident(unique.name), target: `${qualified(table)} (${identList(unique.columns)})${unique.nullsNotDistinct ? ' nulls not distinct' : ''} where ${unique.where}` })),
    triggers: plan.triggers.map((trigger) => ({ name: ident(trigger.name), timing: trigger.timing, isConstraint: trigger.deferrable === true, function: qualified(trigger.function) })),
    sequences: plan.columns.filter((column) => column.identity).map((column) => `${ident(table.schema)}.${ident(sequenceName(table.name, column.name))}`),
  }
}

/** Keys to tables that are created further down, which only `alter table` can add. */
function laterForeignKeys({ table, foreignKeys }: TablePlan, plan: Plan): TablePlan['foreignKeys'] {
  const position = plan.tables.findIndex((one) => one.table === table)
  return foreignKeys.filter(({ references }) => plan.tables.findIndex((one) => one.table.schema === references.table.schema && one.table.name === references.table.name) > position)
}

function lostTables(input: ArtifactInput): string {
  return input.plan.tables.map(({ table }) => `${table.schema}.${table.name}`).join(', ')
}
