/** `explain (analyze, buffers)` of a declared query as the role that runs it, ready to paste. */
import type { Plan, QueryPlan } from '../../design/plan.ts'
import type { Spec } from '../../design/spec.ts'
import { ident } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import { functionOwner } from '../../planner/workload.ts'
import { sampleValues } from './sample-values.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

/** Ends with a rollback. The prepared statement keeps the query's text as it is; the values are in one place. */
export function stagingExplain(query: QueryPlan, plan: Plan): string {
  const { name, as } = query.query
  const values = sampleValues(query.parameters)
  const types = query.parameters.map((parameter) => parameter.type)
  const claims = claimsOf(as, plan.spec)
  return [
    'begin;',
    "set local statement_timeout = '30s';",
    ...(claims === null ? [] : [`select set_config('request.jwt.claims', ${literal(claims)}, true);`]),
    ...(plan.jobs.some(({ job }) => job.role === as) ? [`grant ${ident(as)} to current_user;`] : []),
    // What a function does inside shows only when its owner asks for it.
    `set local role ${ident(query.search ? functionOwner : as)};`,
    `prepare ${ident(name)}${types.length > 0 ? ` (${types.join(', ')})` : ''} as`,
    `${query.sql.trim().replace(/;$/, '')};`,
    `explain (analyze, buffers) execute ${ident(name)}${values.length > 0 ? ` (${values.join(', ')})` : ''};`,
    'rollback;',
    `deallocate ${ident(name)};`,
  ].join('\n')
}

/** The token of a caller as PostgREST hands it over; null for roles that have none. */
export function claimsOf(role: string, { tenancy, tables }: Pick<Spec, 'tenancy' | 'tables'>): string | null {
  if (role === 'anon') return JSON.stringify({ role })
  if (role !== 'authenticated') return null
  const tenant = tenancy.model === 'tenant_column' ? nested(tenancy.claim, nobody) : {}
  return JSON.stringify({ sub: nobody, role, ...(tables.some(({ access }) => access.mfa.length > 0) ? { aal: 'aal2' } : {}), ...tenant })
}

function nested(path: readonly string[], value: string): Record<string, unknown> {
  const [first, ...rest] = path
  return first === undefined ? {} : { [first]: rest.length === 0 ? value : nested(rest, value) }
}
