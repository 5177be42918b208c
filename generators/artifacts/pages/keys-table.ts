/** Keys, references, checks and triggers of a new table, each with its reason. */
import type { ForeignKeyPlan, Plan, TablePlan, UniquePlan } from '../../design/plan.ts'
import { code, codes, prose, table } from './markdown.ts'
import { nameOf } from '../../planner/table-indexes.ts'

export function keysTable(planned: TablePlan, plan: Plan): string {
  return table(
    ['key', 'columns', 'scope'],
    [
      [`${code(planned.primaryKey.name)} (primary)`, codes(planned.primaryKey.columns), ''],
      ...planned.uniques.map((unique) => [code(unique.name), codes(unique.columns), uniqueScope(unique, plan)]),
    ],
  )
}

function uniqueScope(unique: UniquePlan, plan: Plan): string {
  const tenant = plan.spec.tenancy.model === 'organization' ? 'organisation' : 'tenant'
  return [
    ...(unique.forChildren ? [`So that children reference key and ${tenant} together.`] : unique.tenantScoped ? [`Within one ${tenant}.`] : []),
    ...(unique.where === null ? [] : [`Only rows where ${code(unique.where)}; therefore an index, not a constraint.`]),
    ...(unique.nullsNotDistinct ? ['Nulls count as equal.'] : []),
  ].join(' ')
}

export function foreignKeysTable(planned: TablePlan): string {
  return table(
    ['columns', 'references', 'on delete', 'why'],
    planned.foreignKeys.map((key) => [codes(key.columns), `${code(nameOf(key.references.table))} (${codes(key.references.columns)})`, deleteRule(key), reason(key)]),
  )
}

function deleteRule(key: ForeignKeyPlan): string {
  const only = key.setNullColumns === null ? '' : ` (${codes(key.setNullColumns)})`
  return `${key.onDelete}${only}${key.deferrable ? ', deferrable' : ''}`
}

/** The person's reason; for a rule that only refuses, what it refuses. */
function reason(key: ForeignKeyPlan): string {
  const refuses = key.onDelete === 'restrict' || key.onDelete === 'no action'
  return [
    ...(key.because === null ? (refuses ? [`A row of ${code(nameOf(key.references.table))} cannot be deleted while rows here refer to it.`] : []) : [`${capital(prose(key.because))}.`]),
    ...(key.tenantScoped ? ['The key carries the tenant, so a row cannot point into another one.'] : []),
  ].join(' ')
}

export function checksTable(planned: TablePlan): string {
  return table(['check', 'condition'], planned.checks.map((check) => [code(check.name), code(check.sql)]))
}

export function triggersTable(planned: TablePlan, plan: Plan): string {
  return table(
    ['trigger', 'when', 'calls', 'what it does'],
    planned.triggers.map((trigger) => {
      const called = plan.functions.find((one) => one.name.schema === trigger.function.schema && one.name.name === trigger.function.name)
      return [code(trigger.name), trigger.deferrable ? `${trigger.timing}, deferrable` : trigger.timing, `${code(nameOf(trigger.function))}${called?.exists ? ' (existing)' : ''}`, prose(called?.comment ?? '')]
    }),
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '')
}
