import { isInsideTenancy } from '../../../design/access.ts'
import { ident, qualified } from '../../../sql/identifier.ts'
import type { Identity } from '../identity.ts'
import { type Probe, effects, oneOfEach, refused } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import { type SubjectRow, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'
import { insertAs } from './insert.ts'

/**
 * The mistake that the floor is there for: somebody adds a permissive policy that lets everybody do everything, with the rights to it.
 * Nobody gets past the tenant of the row all the same.
 */
export function tenantFloorProbes(context: ShapeContext): Probe[] {
  const { table, world } = context.subject
  if (!table.floor) return []
  // Callers to whom the same rows belong stand for each other; what users write about themselves is asked apart.
  const callers = oneOfEach(world.identities.filter(({ caller }) => caller.role === 'authenticated'), (identity) => `${outside(context, identity).map(({ id }) => id).join()} ${identity.id === 'forged'} ${identity.caller.userId === null}`)
  return callers.flatMap((identity) => [reads(context, identity), updates(context, identity), deletes(context, identity), ...inserts(context, identity), ...moves(context, identity)])
}

type Request = Pick<Probe, 'verb' | 'shape' | 'sql' | 'keys' | 'readsState'>

function mistaken({ subject: { table } }: ShapeContext): string {
  const name = qualified(table)
  return `create policy trr_db_mistake on ${name} as permissive for all to authenticated using (true) with check (true); grant select, insert, update, delete on ${name} to authenticated`
}

/** What is reached within the tenant is the mistake's affair. */
function probe(context: ShapeContext, identity: Identity, request: Request, crossed: (outcome: Outcome) => { id: string; title: string }[]): Probe {
  const { schema, name } = context.subject.table
  return {
    identity, ...request, setup: mistaken(context),
    judge: (outcome) => {
      const strays = crossed(outcome)
      const [first] = strays.length > 0 ? strays : context.subject.rows
      const complaint = strays.length > 0 ? `beside a permissive policy that lets everybody through, no floor keeps ${identity.title} from rows of ${schema}.${name} in another tenant (${request.verb}): ${strays.map(({ title }) => title).join(', ')}` : undefined
      return first === undefined ? [] : [{ row: first, expected: false, observed: false, ...(complaint === undefined ? {} : { complaint }) }]
    },
  }
}

function outside({ subject: { rows, plan } }: ShapeContext, { caller }: Identity): SubjectRow[] {
  return rows.filter(({ facts }) => !isInsideTenancy(caller, facts, plan.spec.tenancy))
}

function reads(context: ShapeContext, identity: Identity): Probe {
  const { table } = context.subject
  return probe(context, identity, { verb: 'select', shape: 'past a policy for everybody', sql: `select * from ${qualified(table)}`, keys: table.primaryKey, readsState: 'never' }, ({ keys }) =>
    outside(context, identity).filter(({ key }) => keys.includes(key)),
  )
}

function updates(context: ShapeContext, identity: Identity): Probe {
  const { table } = context.subject
  const column = ident(table.tenantColumn ?? '')
  return probe(context, identity, { verb: 'update', shape: 'past a policy for everybody', sql: `update ${qualified(table)} set ${column} = ${column}`, keys: null, readsState: 'affected' }, (outcome) => touched(context, identity, outcome))
}

function deletes(context: ShapeContext, identity: Identity): Probe {
  return probe(context, identity, { verb: 'delete', shape: 'past a policy for everybody', sql: `delete from ${qualified(context.subject.table)}`, keys: null, readsState: 'affected' }, (outcome) => touched(context, identity, outcome))
}

function touched(context: ShapeContext, identity: Identity, outcome: Outcome): SubjectRow[] {
  const { changed, removed } = effects(outcome, context.before)
  return outside(context, identity).filter(({ key }) => changed.has(key) || removed.has(key))
}

/** Into a tenant that the caller does not belong to. A key that is met shows as well that the new row passed. */
function inserts(context: ShapeContext, identity: Identity): Probe[] {
  const { subject } = context
  const draft = subject.drafts.get(identity)?.find(({ facts }) => !isInsideTenancy(identity.caller, facts, subject.plan.spec.tenancy))
  if (!draft) return []
  return [probe(context, identity, { verb: 'insert', shape: 'past a policy for everybody', sql: insertAs(subject, identity, draft), keys: null, readsState: 'never' }, ({ code }) => (code === refused ? [] : [draft]))]
}

/** Rows of the own tenant into another. */
function moves(context: ShapeContext, identity: Identity): Probe[] {
  const { table, rows, world, plan } = context.subject
  const inside = rows.filter(({ facts }) => isInsideTenancy(identity.caller, facts, plan.spec.tenancy))
  const target = world.tenants.find(({ key, deleted }) => !deleted && !inside.some(({ facts }) => facts.tenant === key))
  const [first] = inside
  if (table.kind !== 'row' || !first || !target || table.tenantColumn === null) return []
  const sql = `update ${qualified(table)} set ${ident(table.tenantColumn)} = ${valueOf(table, table.tenantColumn, target.key)}`
  return [probe(context, identity, { verb: 'update', shape: 'out of the tenant, past a policy for everybody', sql, keys: null, readsState: 'never' }, ({ code }) => (code === refused ? [] : [first]))]
}
