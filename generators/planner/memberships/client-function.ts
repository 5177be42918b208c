/** A function that clients call and the one that does its work: the shape of every client call of a design. */
import type { Catalog } from '../../design/catalog.ts'
import { type MembershipAction, actionFunction } from '../../design/membership-actions.ts'
import type { FunctionPlan } from '../../design/plan.ts'
import type { Spec } from '../../design/spec.ts'
import { ident, identList, qualified } from '../../sql/identifier.ts'
import { planFunction } from '../plan-function.ts'
import type { MembershipSql } from './membership-sql.ts'

export interface ActionDraft {
  action: MembershipAction
  parameters: { name: string; type: string; optional?: boolean }[]
  returns: string
  /** Statements of the worker; parameters by position. */
  body: string[]
  /** Who may, and what comes of it. */
  says: string
}

/**
 * The exposed one has the caller's rights and only calls the other, which works with the owner's rights where the Data API
 * does not look.
 */
export function clientFunction(draft: ActionDraft, { tenancy }: MembershipSql, spec: Spec, catalog: Catalog): FunctionPlan[] {
  const name = actionFunction(draft.action, tenancy)
  const shared = {
    arguments: draft.parameters.map((parameter) => `${ident(parameter.name)} ${parameter.type}`).join(', '),
    argumentTypes: draft.parameters.map((parameter) => parameter.type).join(', '),
    executableBy: ['authenticated' as const],
    file: 'rls' as const,
  }
  const worker = planFunction(
    { ...shared, base: name.name, returns: draft.returns, language: 'sql', volatility: 'volatile', securityDefiner: true, kind: 'policy helper', body: draft.body.join(';\n'), comment: `Does the work of ${qualified(name)}.` },
    spec,
    catalog,
  )
  return [
    worker,
    {
      ...shared,
      arguments: draft.parameters.map((parameter) => `${ident(parameter.name)} ${parameter.type}${parameter.optional ? ' default null' : ''}`).join(', '),
      name,
      kind: 'client call',
      exists: false,
      comment: draft.says,
      definition: [
        `create function ${qualified(name)}(${draft.parameters.map((parameter) => `${ident(parameter.name)} ${parameter.type}${parameter.optional ? ' default null' : ''}`).join(', ')})`,
        `returns ${draft.returns}`,
        'language sql',
        "set search_path = ''",
        'begin atomic',
        `  select ${qualified(worker.name)}(${identList(draft.parameters.map((parameter) => parameter.name))});`,
        'end',
      ].join('\n'),
    },
  ]
}
