import { hasDirectDelete } from '../../../design/access.ts'
import { qualified } from '../../../sql/identifier.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Judgement, type Probe, asIfAbsent, brokenBy, effects, lacksRight, perRow, tellingRows, wholeTable } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import { type SubjectRow, isThere, keyCondition } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** Everything at once, with a condition and without one, with the rows given back, by key; TRUNCATE, which no policy holds back. */
export function deleteProbes(context: ShapeContext): Probe[] {
  return context.subject.world.identities.flatMap((identity) => {
    const client = isClient(identity)
    return [...(client && !hasDirectDelete(context.subject.table) ? refusedDeletes(context, identity) : directDeletes(context, identity)), ...(client ? [truncate(context, identity)] : [])]
  })
}

function directDeletes(context: ShapeContext, identity: Identity): Probe[] {
  const { table, rows } = context.subject
  const name = qualified(table)
  // A trigger that marks the row lets DELETE report no row.
  const base = { identity, verb: 'delete', readsState: table.softDelete === 'on_delete' ? 'always' : 'affected' } as const
  const deletes = ({ facts }: SubjectRow) => context.allows('delete', identity, facts)
  const reaches = (row: SubjectRow) => deletes(row) && context.allows('select', identity, row.facts)
  const probe = (asked: readonly SubjectRow[], shape: string, sql: string, keys: readonly string[] | null = null): Probe => ({
    ...base, shape, keys, sql, judge: (outcome) => gone(context, identity, outcome, asked, reaches),
  })
  const byId = (row: SubjectRow): Probe => {
    const one = probe([row], 'by id', `delete from ${name} where ${keyCondition(context.subject, row)}`)
    return isClient(identity) ? { ...one, judge: (outcome) => asIfAbsent(one.judge(outcome), outcome, identity, `DELETE of ${row.title}`) } : one
  }
  const refine = (wrong: ReadonlySet<string>) => rows.filter(({ id }) => wrong.has(id)).map(byId)
  if (table.kind === 'memberships' && !isClient(identity)) return [keepsLastHolders(context, identity), ...tellingRows(rows, reaches).map(byId)]
  return [
    { ...base, shape: 'blind', keys: null, sql: `delete from ${name}`, judge: (outcome) => gone(context, identity, outcome, rows, deletes) },
    { ...probe(rows, 'where', `delete from ${name} where ${isThere(table)}`), refine },
    { ...probe(rows, 'returning', `delete from ${name} returning *`, table.primaryKey), refine },
    ...tellingRows(rows, reaches).map(byId),
  ]
}

/** Whoever may delete any membership may not delete all: the guard holds for the service as well, and the statement fails as a whole. */
function keepsLastHolders({ subject: { table } }: ShapeContext, identity: Identity): Probe {
  return {
    identity, verb: 'delete', shape: 'blind', keys: null, readsState: 'never', sql: `delete from ${qualified(table)}`,
    judge: ({ code }) => [{ row: wholeTable, expected: false, observed: code === null, ...(code === '23514' ? {} : { complaint: `a DELETE of every membership by ${identity.title} ends with ${code ?? 'success'}: no organisation keeps anybody of the strongest role` }) }],
  }
}

/** With `soft_delete: on_delete` the row stays and is marked; otherwise it is gone. */
function gone(context: ShapeContext, identity: Identity, outcome: Outcome, asked: readonly SubjectRow[], expected: (row: SubjectRow) => boolean): Judgement[] {
  const { table, rows } = context.subject
  const { changed, removed } = effects(outcome, context.before)
  const marked = (row: SubjectRow) => changed.has(row.key) && outcome.state?.[row.key]?.deleted === true
  const marks = table.softDelete === 'on_delete'
  const complaints: Judgement[] = rows
    .filter((row) => (asked.includes(row) ? marks && removed.has(row.key) && isClient(identity) : removed.has(row.key) || changed.has(row.key)))
    .map((row) => ({ row, expected: false, observed: true, complaint: asked.includes(row) ? `a DELETE by ${identity.title} removed ${row.title} instead of marking it` : `a DELETE by ${identity.title} reached ${row.title} as well` }))
  // What is marked already stays marked, whoever deletes it again.
  const open = marks ? asked.filter(({ facts }) => !facts.deleted || isClient(identity)) : asked
  return [...perRow(open, outcome, identity, expected, (row) => removed.has(row.key) || marked(row)), ...(brokenBy(outcome, identity) === undefined ? complaints : [])]
}

/** Deletes go through a function; the statement itself is not granted. */
function refusedDeletes({ subject }: ShapeContext, identity: Identity): Probe[] {
  const name = qualified(subject.table)
  const row = subject.rows[0]
  const statements = [['blind', `delete from ${name}`], ...(row ? [['by id', `delete from ${name} where ${keyCondition(subject, row)}`]] : [])] as const
  return statements.map(([shape, sql]) => ({ identity, verb: 'delete', shape: `${shape}, refused`, sql, keys: null, readsState: 'never', judge: mustBeRefused(identity, `DELETE on ${name}`) }))
}

function truncate({ subject }: ShapeContext, identity: Identity): Probe {
  const name = qualified(subject.table)
  return { identity, verb: 'delete', shape: 'truncate', sql: `truncate ${name}`, keys: null, readsState: 'never', judge: mustBeRefused(identity, `TRUNCATE on ${name}`) }
}

function mustBeRefused(identity: Identity, right: string): (outcome: Outcome) => Judgement[] {
  return (outcome) => {
    if (lacksRight(outcome)) return [{ row: wholeTable, expected: false, observed: false }]
    return [{ row: wholeTable, expected: false, observed: true, complaint: `${identity.caller.role} has the right to ${right}` }]
  }
}
