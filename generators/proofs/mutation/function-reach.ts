/** At which tables a fault of a function can show. */
import { qualified } from '../../sql/identifier.ts'
import type { AppliedFunction, AppliedTable } from './applied.ts'

/**
 * Tables whose policies call the function, and tables that it reads or writes, itself or through functions that it calls
 * or that call it, at any depth: `schema.table`. Null where no table is found, and every table has to be asked.
 */
export function tablesReached(called: AppliedFunction, functions: readonly AppliedFunction[], tables: readonly AppliedTable[]): string[] | null {
  const callers = connected(called, functions, (found, other) => mentions(other.definition, callOf(found)))
  const callees = connected(called, functions, (found, other) => mentions(found.definition, callOf(other)))
  const touched = (some: readonly AppliedFunction[]) => (table: AppliedTable) => some.some(({ definition }) => mentions(definition, qualified(table.name)))
  const isAsked = ({ policies }: AppliedTable) => policies.some(({ using, check }) => callers.some((caller) => mentions(`${using ?? ''} ${check ?? ''}`, callOf(caller))))
  const reached = tables.filter((table) => isAsked(table) || touched(callers.slice(1))(table))
  const names = (reached.length > 0 ? reached : tables.filter(touched(callees))).map(({ name }) => qualified(name))
  return names.length > 0 ? names : null
}

/** The function itself first. */
function connected(called: AppliedFunction, functions: readonly AppliedFunction[], isNext: (found: AppliedFunction, other: AppliedFunction) => boolean): AppliedFunction[] {
  const found = [called]
  for (const one of found) found.push(...functions.filter((other) => !found.includes(other) && isNext(one, other)))
  return found
}

/** `private.org_ids(`, as the server prints a call. */
function callOf({ signature }: AppliedFunction): string {
  return signature.slice(0, signature.indexOf('(') + 1)
}

/** `core.orders` is no mention of `core.orders_archive`, nor of `hardcore.orders`. */
function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isWord(text[at - 1]) && (name.endsWith('(') || !isWord(text[at + name.length]))) return true
  }
  return false
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\w$"]/.test(character)
}
