/** Rights that no request for rows shows: TRUNCATE and its like, sequences, and every right of a role that no token takes on. */
import type { Difference } from '../../design/access-diff.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import type { Right } from './rights.ts'
import type { Side } from './side.ts'
import { answer, scriptOf } from './witness.ts'

const apiRoles = ['anon', 'authenticated', 'service_role']
const observedVerbs = ['select', 'insert', 'update', 'delete']

/** `both`: relations of both sides, as `schema.name`. */
export async function compareRights(base: Side, head: Side, both: ReadonlySet<string>): Promise<{ gained: Difference[]; lost: Difference[] }> {
  return { gained: await newly(base, head, both, 'gained'), lost: await newly(head, base, both, 'lost') }
}

async function newly(from: Side, to: Side, both: ReadonlySet<string>, direction: 'gained' | 'lost'): Promise<Difference[]> {
  // MAINTAIN is there from Postgres 17 on: a side on 15 has not lost it.
  const known = new Set([...from.rights.values()].map(({ privilege }) => privilege))
  const rights = [...to.rights].flatMap(([key, right]) => (from.rights.has(key) ? [] : [right])).filter((right) => isSaidHere(right, to) && (right.privilege !== 'maintain' || known.has('maintain')))
  const found: Difference[] = []
  for (const right of rights) {
    const isThere = right.kind === 'sequence' ? await exists(from, right) : both.has(`${right.schema}.${right.name}`)
    if (isThere) found.push(await difference(from, to, right, direction))
  }
  return together(found)
}

/** What the observed requests show is said there. A whole table's right stands for its columns. */
function isSaidHere({ kind, role, privilege, schema, name }: Right, { rights }: Side): boolean {
  if (kind === 'function') return false
  const isObserved = apiRoles.includes(role) && observedVerbs.includes(privilege)
  if (kind === 'sequence') return true
  if (kind === 'column') return !isObserved && ![...rights.values()].some((right) => right.kind === 'table' && right.role === role && right.schema === schema && right.name === name && right.privilege === privilege)
  return !isObserved
}

async function exists({ session }: Side, right: Right): Promise<boolean> {
  const { rows } = await session.query<{ found: boolean }>('select to_regclass($1) is not null as found', [qualified(right)])
  return rows[0]?.found === true
}

async function difference(from: Side, to: Side, right: Right, direction: 'gained' | 'lost'): Promise<Difference> {
  const witness = await witnessOf(from, to, right)
  const [held, not] = ['held', 'not held']
  return {
    kind: 'right', object: `${right.schema}.${right.name}`, who: [right.role], action: right.privilege, what: right.part === '' ? [] : [`column ${right.part}`],
    before: direction === 'gained' ? not : held, after: direction === 'gained' ? held : not, because: [`rights of ${right.schema}.${right.name} changed`],
    witness: { ...witness, script: scriptOf(witness) },
  }
}

/** A request that the right decides, where one can be sent; otherwise the question itself. */
async function witnessOf(from: Side, to: Side, right: Right): Promise<Difference['witness']> {
  const name = qualified(right)
  const sent = requests[`${right.kind} ${right.privilege}`]?.(name)
  if (sent !== undefined && apiRoles.includes(right.role)) {
    const witness = { role: right.role, claims: null, setup: [], sql: sent }
    const [before, after] = [await answer(from.session, witness), await answer(to.session, witness)]
    if (before.code === '42501' && after.code === null) return { ...witness, script: scriptOf(witness) }
  }
  const ask = right.kind === 'column' ? `has_column_privilege(${literal(right.role)}, ${literal(name)}, ${literal(right.part)}, ${literal(right.privilege)})` : `has_${right.kind}_privilege(${literal(right.role)}, ${literal(name)}, ${literal(right.privilege)})`
  const witness = { role: 'postgres', claims: null, setup: [], sql: `select count(*) as count from (select ${ask} as held) as asked where held` }
  return { ...witness, script: scriptOf(witness) }
}

const requests: Record<string, (name: string) => string> = {
  'table truncate': (name) => `truncate ${name} cascade`,
  'table trigger': (name) => `create trigger ${ident('trr_db_probe')} before update on ${name} for each row execute function pg_catalog.suppress_redundant_updates_trigger()`,
  'table maintain': (name) => `lock table ${name} in access exclusive mode`,
  'sequence usage': (name) => `select nextval(${literal(name)})`,
  'sequence select': (name) => `select last_value from ${name}`,
  'sequence update': (name) => `select setval(${literal(name)}, 1000)`,
}

/** One line for each object and role, with all rights in it. */
function together(differences: readonly Difference[]): Difference[] {
  const byWhom = new Map<string, Difference>()
  for (const one of differences) {
    const key = JSON.stringify([one.object, one.who, one.action === 'select' || one.what.length > 0 ? one.action : ''])
    const known = byWhom.get(key)
    if (!known) byWhom.set(key, { ...one })
    else if (one.what.length > 0) known.what = [...known.what, ...one.what]
    else known.action = `${known.action}, ${one.action}`
  }
  return [...byWhom.values()]
}
