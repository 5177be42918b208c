/** Rows that are marked instead of removed: the function that clients call, or the trigger that turns DELETE into a mark. */
import type { Catalog } from '../design/catalog.ts'
import type { FunctionPlan } from '../design/plan.ts'
import { softDeleteFunction } from '../design/soft-delete-function.ts'
import type { Spec, TableSpec } from '../design/spec.ts'
import type { PolicyHelpers, RulePredicate } from '../patterns/define-pattern.ts'
import { amongOthers, rulePredicate } from '../patterns/rule-predicate.ts'
import { composedName, ident, identList, qualified } from '../sql/identifier.ts'
import { type FunctionDraft, planFunction, triggerFunction } from './plan-function.ts'
import type { TriggerPlan } from './triggers.ts'

export interface SoftDeletePlan {
  functions: FunctionPlan[]
  trigger: TriggerPlan | null
}

export function planSoftDelete(table: TableSpec, spec: Spec, catalog: Catalog, helpers: PolicyHelpers): SoftDeletePlan {
  if (table.softDelete === 'none') return { functions: [], trigger: null }
  const context = { table, tables: spec.tables, tenancy: spec.tenancy, helpers }
  const rule = table.access.delete
  const conditions = { where: { own: null, any: null }, live: false, mfa: table.access.mfa.includes('delete') }
  const whoDeletes = rulePredicate(rule, conditions, context)
  const whoUndeletes = rulePredicate({ own: rule.any, any: rule.any }, conditions, context)
  const undelete = whoUndeletes ? clientCall('undelete', table, whoUndeletes, spec, catalog) : []
  if (table.softDelete === 'rpc') return { functions: [...(whoDeletes ? clientCall('delete', table, whoDeletes, spec, catalog) : []), ...undelete], trigger: null }
  const mark = planFunction(markDeleted(table), spec, catalog)
  return {
    functions: [mark, ...undelete],
    trigger: { name: composedName([table.name], 'mark_deleted'), timing: 'before delete', function: mark.name },
  }
}

/**
 * Two functions: the one that clients reach has their own rights and only calls the other, which does the work with the
 * owner's rights where the Data API does not look. A SELECT policy that hides deleted rows makes a plain UPDATE of
 * `deleted_at` fail with 42501, so the mark cannot be left to the client.
 */
function clientCall(verb: 'delete' | 'undelete', table: TableSpec, who: RulePredicate, spec: Spec, catalog: Catalog): FunctionPlan[] {
  const parameters = table.primaryKey.map((column) => ({ column, name: `target_${column}`, type: table.columns.find((one) => one.name === column)?.type ?? 'uuid' }))
  const shared = {
    arguments: parameters.map((parameter) => `${ident(parameter.name)} ${parameter.type}`).join(', '),
    argumentTypes: parameters.map((parameter) => parameter.type).join(', '),
    executableBy: who.roles,
    kind: 'client call' as const,
    file: 'rls' as const,
  }
  const name = softDeleteFunction(verb, table)
  const worker = planFunction({ ...shared, ...work(verb, table, who, parameters), base: name.name, kind: 'policy helper' }, spec, catalog)
  const says = verb === 'delete' ? 'Marks a row as deleted' : 'Brings a deleted row back'
  return [
    worker,
    {
      ...shared,
      name,
      exists: false,
      comment: `${says}: ${who.says}. False when there is no such row for the caller.`,
      definition: [
        `create function ${qualified(name)}(${shared.arguments})`,
        'returns boolean',
        'language sql',
        // The body's names are resolved already; Supabase's advisor reports a function without it all the same (0011).
        "set search_path = ''",
        'begin atomic',
        `  select ${qualified(worker.name)}(${identList(parameters.map((parameter) => parameter.name))});`,
        'end',
      ].join('\n'),
    },
  ]
}

function work(verb: 'delete' | 'undelete', table: TableSpec, who: RulePredicate, parameters: { column: string }[]): Omit<FunctionDraft, 'base' | 'arguments' | 'argumentTypes' | 'executableBy' | 'kind' | 'file'> {
  const conditions = [
    // By position: a parameter's name would lose against a column of the same name.
    ...parameters.map(({ column }, index) => `${ident(column)} = $${index + 1}`),
    verb === 'delete' ? 'deleted_at is null' : 'deleted_at is not null',
    ...(who.sql ? [amongOthers(who.sql).replaceAll('\n', '\n      ')] : []),
  ]
  return {
    returns: 'boolean',
    language: 'sql',
    volatility: 'volatile',
    securityDefiner: true,
    body: [
      '  with changed as (',
      `    update ${qualified(table)}`,
      `    set deleted_at = ${verb === 'delete' ? 'now()' : 'null'}`,
      `    where ${conditions.join('\n      and ')}`,
      '    returning 1',
      '  )',
      '  select exists (select from changed)',
    ].join('\n'),
    comment: `Does the work of ${table.schema}.${verb}_${table.name}, with the rule of its DELETE access in the condition.`,
  }
}

/**
 * A DELETE marks the row; a DELETE of a marked row removes it, which only the service can reach. The row's own foreign
 * keys must not cascade onto it: a cascade that is turned into a mark leaves an orphan.
 */
function markDeleted(table: TableSpec): FunctionDraft {
  const key = table.primaryKey.map((column) => `${ident(column)} = old.${ident(column)}`).join(' and ')
  return triggerFunction({
    base: composedName(['mark', table.name], 'deleted'),
    securityDefiner: true,
    body: [
      'begin',
      '  if old.deleted_at is not null then',
      '    return old;',
      '  end if;',
      `  update ${qualified(table)} set deleted_at = now() where ${key};`,
      '  return null;',
      'end;',
    ].join('\n'),
    comment: `DELETE on ${table.name} marks the row; only a marked row is removed.`,
  })
}
