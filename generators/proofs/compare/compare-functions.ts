/** Functions that a client can call: newly, with other rights than before, or with another body, which nobody can be asked about. */
import type { AccessDiff, CallableFunction, Difference } from '../../design/access-diff.ts'
import { changesBetween, keyOf, reach } from '../observe/reach.ts'
import { type Right, rightKey } from './rights.ts'
import type { Side } from './side.ts'
import { answer, scriptOf } from './witness.ts'

const clients = ['anon', 'authenticated']

interface FunctionChanges extends Pick<AccessDiff, 'gained' | 'lost' | 'callable' | 'unobserved'> {
  /** How many were compared. */
  functions: number
}

export async function compareFunctions(base: Side, head: Side): Promise<FunctionChanges> {
  const [before, after] = [callable(base), callable(head)]
  const found: FunctionChanges = { gained: [], lost: [], callable: [], unobserved: [], functions: new Set([...before.values()].map(nameOf)).size }
  const plain = new Map<string, CallableFunction>()
  for (const [key, right] of after) {
    const old = before.get(key)
    if (old && old.definer === right.definer) continue
    // A client reaches what the Data API serves; the rest is called by policies.
    if (right.definer && head.apiSchemas.includes(right.schema)) found.gained.push(await difference(base, head, right, old, 'gained'))
    else if (!old) {
      const known = plain.get(nameOf(right)) ?? { object: nameOf(right), roles: [], definer: right.definer }
      plain.set(nameOf(right), { ...known, roles: [...known.roles, right.role] })
    }
  }
  for (const [key, right] of before) if (!after.has(key) && base.apiSchemas.includes(right.schema)) found.lost.push(await difference(head, base, right, undefined, 'lost'))
  found.callable = [...plain.values()]
  found.unobserved = otherBodies(base, head, before, after)
  return found
}

function callable({ rights }: Side): Map<string, Right> {
  return new Map([...rights].filter(([, { kind, role }]) => kind === 'function' && clients.includes(role)))
}

function nameOf({ schema, name, part }: Right): string {
  return `${schema}.${name}(${part})`
}

async function difference(from: Side, to: Side, right: Right, old: Right | undefined, direction: 'gained' | 'lost'): Promise<Difference> {
  const witness = { role: right.role, claims: null, setup: [], sql: right.call }
  const [before, after] = [await answer(from.session, witness), await answer(to.session, witness)]
  const isShown = isRefused(before.code, before.message) && !isRefused(after.code, after.message)
  const asked = isShown ? witness : { role: 'postgres', claims: null, setup: [], sql: `select count(*) as count from pg_catalog.pg_proc p where p.oid = to_regprocedure('${nameOf(right).replaceAll("'", "''")}') and p.prosecdef and has_function_privilege('${right.role}', p.oid, 'execute')` }
  const [called, not] = [right.definer ? 'callable, with the rights of its owner' : 'callable', old ? 'callable, with the rights of the caller' : 'not callable']
  return {
    kind: 'function', object: nameOf(right), who: [right.role], action: 'execute', what: [], because: [],
    before: direction === 'gained' ? not : called, after: direction === 'gained' ? called : not, witness: { ...asked, script: scriptOf(asked) },
  }
}

/** Not there, or not for this role. A refusal from within the function is one of its answers. */
function isRefused(code: string | null, message: string | null): boolean {
  return code === '42883' || code === '3F000' || (code === '42501' && /permission denied for (function|procedure|schema)/.test(message ?? ''))
}

/** With the rights of the owner a body may do anything; what it does depends on arguments that nobody knows. */
function otherBodies(base: Side, head: Side, before: ReadonlyMap<string, Right>, after: ReadonlyMap<string, Right>): AccessDiff['unobserved'] {
  const named = new Map<string, AccessDiff['unobserved'][number]>()
  for (const [key, right] of after) {
    if (!before.has(key) || !right.definer || !before.get(key)?.definer || !head.apiSchemas.includes(right.schema) || named.has(nameOf(right))) continue
    const start = keyOf({ kind: 'function', schema: right.schema, name: right.name })
    const texts = ({ state }: Side) => state.objects.get(start)?.lines.filter(({ says }) => says.includes(`${right.name}(`)).map(({ text }) => text).join('\n')
    const changes = changesBetween(base.state, head.state, new Set([...reach(base.state, [start]), ...reach(head.state, [start])].filter((one) => one.startsWith('function '))))
    if (changes.length === 0 || texts(base) === undefined) continue
    const roles = clients.filter((role) => after.has(rightKey({ ...right, role })))
    named.set(nameOf(right), { object: nameOf(right), why: `SECURITY DEFINER and callable by ${roles.join(' and ')}: what it does depends on its arguments, so read it`, changes })
  }
  return [...named.values()]
}
