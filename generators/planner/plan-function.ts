/** A function's definition, its name, and whether the repository has it already. */
import type { Catalog, CatalogFunction } from '../design/catalog.ts'
import type { FunctionPlan } from '../design/plan.ts'
import type { Spec } from '../design/spec.ts'
import { qualified } from '../sql/identifier.ts'
import { dollarQuoted } from '../sql/literal.ts'

/** Schema of what policies and triggers call. Clients have no USAGE on it, and the Data API does not expose it. */
export const privateSchema = 'private'

export interface FunctionDraft extends Pick<FunctionPlan, 'arguments' | 'argumentTypes' | 'comment' | 'executableBy' | 'kind' | 'file'> {
  /** Name that is wanted; a design's own name is taken when that one means something else. */
  base: string
  returns: string
  language: 'sql' | 'plpgsql'
  volatility: 'stable' | 'volatile'
  securityDefiner: boolean
  body: string
}

/** What a trigger function is beside its body: nobody executes it by name, and it comes with the tables. */
export function triggerFunction(draft: Pick<FunctionDraft, 'base' | 'body' | 'comment'> & { securityDefiner?: boolean }): FunctionDraft {
  return { arguments: '', argumentTypes: '', returns: 'trigger', language: 'plpgsql', volatility: 'volatile', securityDefiner: false, executableBy: [], kind: 'trigger', file: 'tables', ...draft }
}

/**
 * The body of what policies ask on every request. PL/pgSQL keeps the plan of a query for the session; a function in SQL is
 * planned again by every statement that calls it (up to Postgres 17), which takes longer than the lookup itself.
 */
export function keptQuery(query: string, { hasArguments }: { hasArguments: boolean }): Pick<FunctionDraft, 'language' | 'body'> {
  // As in SQL, a column of the same name wins; by default PL/pgSQL refuses the query.
  return { language: 'plpgsql', body: [...(hasArguments ? ['#variable_conflict use_column'] : []), 'begin', '  return query', `${query};`, 'end;'].join('\n') }
}

/** What PL/pgSQL returns must be of the type to the letter; a key may be a narrower one than what it refers to. */
export function ofType(expression: string, has: string | undefined, wanted: string): string {
  return has === undefined || has === wanted ? expression : `${expression}::${wanted}`
}

/** A function in `private`: pinned search path, reused when the repository has an equivalent one. */
export function planFunction(draft: FunctionDraft, spec: Spec, catalog: Catalog): FunctionPlan {
  const inPrivate = (name: string) => catalog.functions.find((candidate) => candidate.schema === privateSchema && candidate.name === name)
  const taken = inPrivate(draft.base)
  const exists = taken !== undefined && isEquivalent(taken, draft)
  const name = { schema: privateSchema, name: taken === undefined || exists ? draft.base : `${spec.design}_${draft.base}` }
  const { base: _base, returns: _returns, language: _language, volatility: _volatility, securityDefiner: _definer, body: _body, ...rest } = draft
  return { ...rest, name, exists, definition: definition(draft, qualified(name)) }
}

function definition(draft: FunctionDraft, name: string): string {
  return [
    `create function ${name}(${draft.arguments})`,
    `returns ${draft.returns}`,
    `language ${draft.language}`,
    ...(draft.volatility === 'stable' ? ['stable'] : []),
    ...(draft.securityDefiner ? ['security definer'] : []),
    "set search_path = ''",
    `as ${dollarQuoted(draft.body)}`,
  ].join('\n')
}

/** Same source but for white space, same rights, same pinned path. */
function isEquivalent(found: CatalogFunction, draft: FunctionDraft): boolean {
  return (
    squeezed(found.body) === squeezed(draft.body) &&
    found.securityDefiner === draft.securityDefiner &&
    found.volatility === draft.volatility &&
    found.language === draft.language &&
    squeezed(found.arguments) === squeezed(draft.arguments) &&
    found.returns.toLowerCase() === draft.returns.toLowerCase() &&
    found.settings.some((setting) => /^search_path=("")?$/.test(setting))
  )
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
