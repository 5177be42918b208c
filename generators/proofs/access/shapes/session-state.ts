import { hasDirectDelete } from '../../../design/access.ts'
import { privateSchema } from '../../../planner/plan-function.ts'
import { qualified } from '../../../sql/identifier.ts'
import { type Identity, nobody } from '../identity.ts'
import { type Judgement, type Probe, perRow, refused, speakers, wholeTable } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import type { Subject } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** What a session does beside reading and writing: claims that say nothing, filtering switched off, locks, helpers called by name. */
export function sessionStateProbes(context: ShapeContext): Probe[] {
  const { world, plan, table } = context.subject
  const readers = speakers(world.identities, (identity) => context.subject.rows.some(({ facts }) => context.allows('select', identity, facts)))
  const deleters = speakers(world.identities, (identity) => context.subject.rows.some(({ facts }) => context.allows('delete', identity, facts)))
  return [
    ...['', '{}', 'no claims'].flatMap((claims) => speechless(context.subject, claims).map((identity) => withClaims(context, identity))),
    ...readers.map((identity) => unfiltered(context, identity)),
    ...deleters.flatMap((identity) => locked(context, identity)),
    ...(plan.tables[0]?.table === table ? readers.flatMap((identity) => helpers(context, identity)) : []),
  ]
}

/** The client roles on a connection that somebody else used before, with a setting that names nobody. */
function speechless({ world, table }: Subject, claims: string): Identity[] {
  const nobodies = speakers(world.identities, ({ caller }) => caller.userId === null && caller.tenantId === null)
  return nobodies.flatMap((identity) => {
    const { caller } = identity
    const isNobody = caller.userId === null && caller.tenantId === null
    // Who sees the rows of a table that exists was asked of the people, one by one.
    if (!isNobody && table.access.via?.existing) return []
    return [{ ...identity, title: `${caller.role} with the claims '${claims}'`, claims, caller: isNobody ? caller : { ...nobody, role: caller.role } }]
  })
}

/** Claims that cannot be read are an error or give nothing; those that are empty give what everybody gets. */
function withClaims(context: ShapeContext, identity: Identity): Probe {
  const { table, rows } = context.subject
  const sees = (row: (typeof rows)[number]) => context.allows('select', identity, row.facts)
  return {
    identity, verb: 'select', shape: 'claims without a caller', sql: `select * from ${qualified(table)}`, keys: table.primaryKey, readsState: 'never',
    judge: (outcome) => (identity.claims !== '' && identity.claims !== '{}' && outcome.code !== null ? [] : perRow(rows, outcome, identity, sees, ({ key }) => outcome.keys.includes(key))),
  }
}

/** Proves that policies stand in the way: without them the setting changes nothing. */
function unfiltered({ subject: { table } }: ShapeContext, identity: Identity): Probe {
  const name = qualified(table)
  return {
    identity, verb: 'select', shape: 'row_security off', setup: 'set local row_security = off', sql: `select * from ${name}`, keys: null, readsState: 'never',
    judge: (outcome) => mustBeRefused(outcome, `no policy stands between ${identity.title} and ${name}: with row_security off a SELECT ends with ${outcome.code ?? `${outcome.count} rows`} instead of ${refused}`),
  }
}

/** Whoever may delete may lock the table, which is Postgres's rule; nobody else may. */
function locked(context: ShapeContext, identity: Identity): Probe[] {
  const { subject: { table, rows } } = context
  const deletes = hasDirectDelete(table) && rows.some(({ facts }) => context.allows('delete', identity, facts))
  if (deletes || rows.length === 0) return []
  return [{ identity, verb: 'delete', shape: 'lock table', sql: `lock table ${qualified(table)} in access exclusive mode`, keys: null, readsState: 'never', judge: (outcome) => mustBeRefused(outcome, `${identity.caller.role} may lock ${qualified(table)}`) }]
}

/** Helpers are for policies: who calls one by its name is not let into its schema. Whom the repository let in before is its own affair. */
function helpers({ subject: { plan } }: ShapeContext, identity: Identity): Probe[] {
  if (plan.helperCallers?.includes(identity.caller.role)) return []
  const hidden = plan.functions.filter(({ kind, name }) => kind !== 'trigger' && name.schema === privateSchema)
  return hidden.map(({ name, argumentTypes }): Probe => {
    const values = argumentTypes === '' ? '' : argumentTypes.split(', ').map((type) => `null::${type}`).join(', ')
    return {
      identity, verb: 'select', shape: 'helper called by name', sql: `select ${qualified(name)}(${values})`, keys: null, readsState: 'never',
      judge: (outcome) => mustBeRefused(outcome, `${identity.caller.role} calls ${qualified(name)}, which is for policies only`),
    }
  })
}

function mustBeRefused(outcome: Outcome, complaint: string): Judgement[] {
  return [{ row: wholeTable, expected: false, observed: outcome.code === null, ...(outcome.code === refused ? {} : { complaint }) }]
}
