/** Policies and grants: what the spec's rules are for the roles of the Data API. */
import type { GrantPlan, PolicyPlan } from '../design/plan.ts'
import { type Spec, type TableSpec, type Verb, type VerbRule, verbs, writableColumns } from '../design/spec.ts'
import { hasDirectDelete } from '../design/access.ts'
import type { PatternContext, PolicyHelpers, RulePredicate } from '../patterns/define-pattern.ts'
import { rulePredicate } from '../patterns/rule-predicate.ts'
import { floorPredicate } from '../patterns/tenant-floor.ts'
import { composedName } from '../sql/identifier.ts'

export interface TableAccessPlan {
  policies: PolicyPlan[]
  grants: GrantPlan[]
}

/** One permissive policy for each verb that some client has; two would join their checks by OR. */
export function planAccess(table: TableSpec, spec: Spec, helpers: PolicyHelpers): TableAccessPlan {
  const rules = new Map<Verb, RulePredicate>()
  for (const verb of verbs) {
    if ((verb === 'delete' && !hasDirectDelete(table)) || (verb === 'update' && writableColumns(table, verb).length === 0)) continue
    const conditions = { where: verb === 'select' ? table.access.where : { own: null, any: null }, live: verb !== 'insert', mfa: table.access.mfa.includes(verb) }
    const rule = rulePredicate(table.access[verb], conditions, { table, tables: spec.tables, tenancy: spec.tenancy, helpers })
    if (rule) rules.set(verb, rule)
  }
  return { policies: [...[...rules].map(([verb, rule]) => policy(table, verb, rule)), ...(table.floor ? [floor({ table, tables: spec.tables, tenancy: spec.tenancy, helpers })] : [])], grants: grants(table, rules) }
}

function policy(table: TableSpec, verb: Verb, rule: RulePredicate): PolicyPlan {
  const predicate = rule.sql ?? 'true'
  return {
    name: composedName([table.name], verb),
    command: verb,
    permissive: true,
    roles: rule.roles,
    using: verb === 'insert' ? null : predicate,
    check: verb === 'insert' || verb === 'update' ? predicate : null,
    says: rule.says,
  }
}

/** It grants nothing, and holds also under a permissive policy that somebody adds later. */
function floor(context: PatternContext): PolicyPlan {
  const predicate = floorPredicate(context)
  return {
    name: composedName([context.table.name, 'tenant'], 'floor'),
    command: 'all',
    permissive: false,
    roles: ['authenticated'],
    using: predicate,
    check: predicate,
    says: 'nobody outside the tenant of the row, whatever other policies say',
  }
}

/** Positive lists. A column that is not named cannot be written, whatever the policy says. */
function grants(table: TableSpec, rules: Map<Verb, RulePredicate>): GrantPlan[] {
  const clients = (['anon', 'authenticated'] as const).map((role) => ({
    role,
    privileges: [...rules].filter(([, rule]) => rule.roles.includes(role)).flatMap(([verb]) => privilege(table, verb)),
  }))
  const service = { role: 'service_role' as const, privileges: verbs.filter((verb) => !isClosed(table.access[verb])).map((verb) => ({ verb, columns: null })) }
  return [...clients, service].filter((grant) => grant.privileges.length > 0)
}

function privilege(table: TableSpec, verb: Verb): GrantPlan['privileges'] {
  if (verb === 'select' || verb === 'delete') return [{ verb, columns: null }]
  const columns = writableColumns(table, verb)
  return columns.length > 0 ? [{ verb, columns }] : []
}

function isClosed(rule: VerbRule): boolean {
  return rule.any === 'nobody' && rule.own === 'nobody'
}
