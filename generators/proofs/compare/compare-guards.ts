/** What stands around a table and is plainly there or not: row level security, whose rights a view has, publications, the Data API. */
import type { Difference } from '../../design/access-diff.ts'
import { literal } from '../../sql/literal.ts'
import { qualified } from '../../sql/identifier.ts'
import type { StateObject } from '../observe/reach.ts'
import type { Side } from './side.ts'
import { answer, scriptOf } from './witness.ts'

interface GuardChanges {
  gained: Difference[]
  lost: Difference[]
}

/** `both`: relations of both sides, as `schema.name`. */
export async function compareGuards(base: Side, head: Side, both: ReadonlySet<string>): Promise<GuardChanges> {
  const found: GuardChanges = { gained: [], lost: [] }
  for (const key of [...base.state.objects.keys()].toSorted()) {
    const [before, after] = [base.state.objects.get(key), head.state.objects.get(key)]
    if (!before || !after || !both.has(`${before.schema}.${before.name}`)) continue
    for (const guard of guards) {
      const [had, has] = [guard.isOpen(before), guard.isOpen(after)]
      if (had !== has) found[has ? 'gained' : 'lost'].push(await changed(base, head, after, guard, has))
    }
    found.gained.push(...(await publications(base, head, before, after)))
    found.lost.push(...(await publications(head, base, after, before)).map((one) => ({ ...one, before: one.after, after: one.before })))
  }
  const newly = head.apiSchemas.filter((schema) => !base.apiSchemas.includes(schema))
  found.gained.push(...newly.flatMap((schema) => apiSchema(head, schema, 'gained')))
  found.lost.push(...base.apiSchemas.filter((schema) => !head.apiSchemas.includes(schema)).flatMap((schema) => apiSchema(base, schema, 'lost')))
  return found
}

interface Guard {
  says: string
  /** The guard is away. */
  isOpen(object: StateObject): boolean
  /** Counts 1 where the guard is away. */
  sql(name: string): string
  open: string
  closed: string
}

const state = ({ lines }: StateObject) => lines.find(({ says }) => says === 'row level security, options')?.text ?? ''

const guards: Guard[] = [
  {
    says: 'row level security',
    isOpen: (object) => object.kind === 'table' && /\brls=f\b/.test(state(object)),
    sql: (name) => `select count(*) as count from pg_catalog.pg_class where oid = ${literal(name)}::regclass and not relrowsecurity`,
    open: 'off: whoever has a right has it for every row', closed: 'on',
  },
  {
    says: 'whose rights count',
    isOpen: (object) => object.kind === 'view' && !/security_invoker=(true|on|1|yes)/.test(state(object)),
    sql: (name) => `select count(*) as count from pg_catalog.pg_class where oid = ${literal(name)}::regclass and coalesce(reloptions::text, '') !~ 'security_invoker=(true|on|1|yes)'`,
    open: 'those of the owner: row level security of the tables below does not hold the caller', closed: 'those of the caller (security_invoker)',
  },
]

async function changed(base: Side, head: Side, object: StateObject, guard: Guard, isOpen: boolean): Promise<Difference> {
  const witness = { role: 'postgres', claims: null, setup: [], sql: guard.sql(qualified(object)) }
  const counts = [await answer(base.session, witness), await answer(head.session, witness)].map(({ count }) => count)
  if (counts.join() !== (isOpen ? '0,1' : '1,0')) throw new Error(`${guard.says} of ${object.schema}.${object.name}: ${counts.join()}`)
  return {
    kind: 'guard', object: `${object.schema}.${object.name}`, who: ['whoever has a right on it'], action: guard.says, what: [], because: [],
    before: isOpen ? guard.closed : guard.open, after: isOpen ? guard.open : guard.closed, witness: { ...witness, script: scriptOf(witness) },
  }
}

/** Deletes are sent to every subscriber, whatever the policies say. */
async function publications(base: Side, head: Side, before: StateObject, after: StateObject): Promise<Difference[]> {
  const named = (object: StateObject) => object.lines.filter(({ says }) => says.startsWith('publication ')).map(({ says }) => says.slice('publication '.length).replace(/^"|"$/g, ''))
  const added = named(after).filter((name) => !named(before).includes(name))
  const found: Difference[] = []
  for (const publication of added) {
    const witness = { role: 'postgres', claims: null, setup: [], sql: `select count(*) as count from pg_catalog.pg_publication_tables where pubname = ${literal(publication)} and schemaname = ${literal(after.schema)} and tablename = ${literal(after.name)}` }
    const counts = [await answer(base.session, witness), await answer(head.session, witness)].map(({ count }) => count)
    if (counts[1] !== 1 || counts[0] !== 0) continue
    found.push({ kind: 'publication', object: `${after.schema}.${after.name}`, who: ['subscribers'], action: `publication ${publication}`, what: [], because: [], before: 'not a member', after: 'a member: changes of rows that the subscriber may select, and the keys of every deleted row', witness: { ...witness, script: scriptOf(witness) } })
  }
  return found
}

/** Only where a client could do something there. */
function apiSchema({ rights }: Side, schema: string, direction: 'gained' | 'lost'): Difference[] {
  const held = [...rights.values()].filter((right) => right.schema === schema && ['anon', 'authenticated'].includes(right.role) && (right.kind === 'table' || right.kind === 'function'))
  const [first] = held
  if (!first) return []
  const request = first.kind === 'table' ? `GET /rest/v1/${first.name}?limit=1` : `POST /rest/v1/rpc/${first.name}`
  const [served, not] = ['served by the Data API', 'not served by the Data API']
  return [{
    kind: 'api', object: schema, who: [...new Set(held.map(({ role }) => role))].toSorted(), action: 'the schema', what: [...new Set(held.map(({ name }) => name))].toSorted(),
    because: ['api.schemas in supabase/config.toml changed'], before: direction === 'gained' ? not : served, after: direction === 'gained' ? served : not,
    witness: { role: first.role, claims: null, setup: [], sql: `${request}, with the header Accept-Profile: ${schema}`, script: null },
  }]
}
