import { dollarQuoted, literal } from '../../sql/literal.ts'
import type { Tenancy } from '../../design/spec.ts'
import { verbs } from '../../design/spec.ts'
import { whereClauses } from '../../sql/where-clauses.ts'
import type { AppliedFunction } from './applied.ts'
import { helperFaults } from './helper-faults.ts'
import type { Mutant } from './mutant.ts'
import { mutatePredicate } from './predicate-mutants.ts'

/** Helpers of policies and functions that clients call: conditions lost, whose rights they run with, who may call them. `askedFor`: roles that some policy or function asks of it. */
export function functionMutants(called: AppliedFunction, tenancy: Tenancy, askedFor: readonly string[] = []): Mutant[] {
  const { signature, executableBy } = called
  const mutant = (says: string, effect: Mutant['effect'], sql: string, asked: Mutant['verbs'] = verbs, equivalent: string | null = null): Mutant => ({ says: `${signature}: ${says}`, effect, sql, table: null, verbs: asked, hint: nameOf(signature), equivalent })
  // No request is answered otherwise: the catalog shows it.
  const altered = (says: string, clause: string) => mutant(says, 'weakening', `alter function ${signature} ${clause}`, [])
  return [
    ...bodies(called).map(({ body, says, effect }) => mutant(says, effect, withBody(called, body))),
    ...helperFaults(called, tenancy, askedFor).map(({ body, says, effect, equivalent }) => mutant(says, effect, withBody(called, body), verbs, equivalent)),
    ...claims(called, tenancy).map(({ body, says }) => mutant(says, 'weakening', withBody(called, body))),
    called.definer ? mutant('with the rights of the caller', 'restricting', `alter function ${signature} security invoker`) : altered('with the rights of its owner', 'security definer'),
    ...(called.definer && called.pinned ? [altered('search_path not pinned', 'reset search_path'), altered('search_path begins with public', 'set search_path = public, pg_temp')] : []),
    ...(called.volatile ? (called.body === null ? [] : [mutant('stable', 'restricting', `alter function ${signature} stable`)]) : [altered('immutable', 'immutable'), altered('volatile', 'volatile')]),
    ...(['anon', 'authenticated'] as const).filter((role) => !executableBy.includes(role)).map((role) => mutant(`${role} may execute it`, 'weakening', `grant execute on function ${signature} to ${role}`)),
    ...(executableBy.includes('anon') ? [] : [mutant('everybody may execute it', 'weakening', `grant execute on function ${signature} to public`)]),
    ...executableBy.map((role) => mutant(`${role} may not execute it`, 'restricting', `revoke execute on function ${signature} from ${role}`)),
  ]
}

/** `private.delete_clips(uuid)` does what `delete_clips` is asked for. */
function nameOf(signature: string): string {
  return signature.slice(signature.indexOf('.') + 1, signature.indexOf('('))
}

/** Each WHERE of the body with one fault. */
function bodies({ body }: AppliedFunction): { body: string; says: string; effect: Mutant['effect'] }[] {
  if (body === null) return []
  return whereClauses(body).flatMap(({ start, end, predicate }) =>
    mutatePredicate(predicate).map((mutated) => ({ body: `${body.slice(0, start)} ${mutated.predicate} ${body.slice(end)}`, says: `where ${mutated.says}`, effect: mutated.effect })),
  )
}

/** The tenant out of what users write themselves. */
function claims({ body }: AppliedFunction, tenancy: Tenancy): { body: string; says: string }[] {
  if (body === null || tenancy.model !== 'tenant_column') return []
  const path = (keys: readonly string[]) => literal(`{${keys.map((key) => JSON.stringify(key)).join(',')}}`)
  const trusted = path(tenancy.claim)
  if (!body.includes(trusted)) return []
  const forged = path(['user_metadata', ...tenancy.claim.slice(1)])
  return [{ body: body.replace(trusted, () => forged), says: 'tenant out of user_metadata' }]
}

function withBody({ definition, body }: AppliedFunction, changed: string): string {
  const quoted = definition.slice(definition.indexOf(body ?? '') + (body ?? '').length)
  const head = definition.slice(0, definition.indexOf(body ?? ''))
  // `AS $function$ … $function$`, as pg_get_functiondef prints it.
  const opening = head.lastIndexOf('AS $')
  return `${head.slice(0, opening)}AS ${dollarQuoted(changed)}${quoted.slice(quoted.indexOf('$', 1) + 1)}`
}
