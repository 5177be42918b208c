import { dollarQuoted, literal } from '../../sql/literal.ts'
import type { Tenancy } from '../../design/spec.ts'
import { verbs } from '../../design/spec.ts'
import { whereClauses } from '../../sql/where-clauses.ts'
import type { AppliedFunction } from './applied.ts'
import type { Mutant } from './mutant.ts'
import { mutatePredicate } from './predicate-mutants.ts'

/** Helpers of policies and functions that clients call: conditions lost, whose rights they run with, who may call them. */
export function functionMutants(called: AppliedFunction, tenancy: Tenancy): Mutant[] {
  const { signature } = called
  const mutant = (says: string, effect: Mutant['effect'], sql: string): Mutant => ({ says: `${signature}: ${says}`, effect, sql, table: null, verbs, hint: nameOf(signature), equivalent: null })
  return [
    ...bodies(called).map(({ body, says, effect }) => mutant(says, effect, withBody(called, body))),
    ...claims(called, tenancy).map(({ body, says }) => mutant(says, 'weakening', withBody(called, body))),
    ...(called.definer ? [mutant('with the rights of the caller', 'restricting', `alter function ${signature} security invoker`)] : []),
    ...(called.definer && called.pinned ? [mutant('search_path not pinned', 'weakening', `alter function ${signature} reset search_path`)] : []),
    ...(called.definer && called.pinned ? [mutant('search_path begins with public', 'weakening', `alter function ${signature} set search_path = public, pg_temp`)] : []),
    ...(called.volatile ? [] : [mutant('immutable', 'weakening', `alter function ${signature} immutable`)]),
    ...(called.executableBy.includes('anon') ? [] : [mutant('anon may execute it', 'weakening', `grant execute on function ${signature} to anon`)]),
    ...called.executableBy.map((role) => mutant(`${role} may not execute it`, 'restricting', `revoke execute on function ${signature} from ${role}`)),
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
