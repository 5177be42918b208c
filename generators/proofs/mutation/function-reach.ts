/** At which tables a fault of a function can show. */
import { qualified } from '../../sql/identifier.ts'
import type { AppliedFunction, AppliedTable } from './applied.ts'

/**
 * Tables whose policies call the function, and tables that it reads or writes itself, through other functions at any
 * depth: `schema.table`. Null where no table is found, and every table has to be asked.
 */
export function tablesReached(called: AppliedFunction, functions: readonly AppliedFunction[], tables: readonly AppliedTable[]): string[] | null {
  const callers = callersOf(called, functions)
  const reached = tables.filter(({ name, policies }) => {
    const texts = policies.flatMap(({ using, check }) => [using ?? '', check ?? ''])
    return callers.some((caller) => texts.some((text) => text.includes(callOf(caller)))) || callers.some((caller) => caller !== called && caller.definition.includes(qualified(name)))
  })
  const own = reached.length > 0 ? [] : tables.filter(({ name }) => called.definition.includes(qualified(name)))
  const names = [...reached, ...own].map(({ name }) => qualified(name))
  return names.length > 0 ? names : null
}

/** The function itself first. */
function callersOf(called: AppliedFunction, functions: readonly AppliedFunction[]): AppliedFunction[] {
  const found = [called]
  for (const callee of found) found.push(...functions.filter((one) => !found.includes(one) && one.definition.includes(callOf(callee)) && one !== callee))
  return found
}

/** `private.org_ids(`, as the server prints a call. */
function callOf({ signature }: AppliedFunction): string {
  return signature.slice(0, signature.indexOf('(') + 1)
}
