import type { FunctionPlan } from '../../../design/plan.ts'
import { softDeleteFunction } from '../../../design/soft-delete-function.ts'
import { ident, qualified } from '../../../sql/identifier.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Judgement, type Probe, asIfAbsent, effects, oneOfEach, perRow } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import { type SubjectRow, keyExpression, may, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** `delete_<table>`, where DELETE is refused, and `undelete_<table>`, called by every client for every row. */
export function functionProbes(context: ShapeContext): Probe[] {
  const { table, plan, world, rows } = context.subject
  if (table.softDelete === 'none') return []
  const find = (verb: 'delete' | 'undelete') => plan.functions.find(({ kind, name }) => kind === 'client call' && qualified(name) === qualified(softDeleteFunction(verb, table)))
  const [remove, restore] = [table.softDelete === 'rpc' ? find('delete') : undefined, find('undelete')]
  return world.identities.filter(isClient).flatMap((identity) => [
    ...(remove ? calls(context, identity, remove, rows, { expected: (row) => context.allows('delete', identity, row.facts), becomes: true }) : []),
    ...(restore ? calls(context, identity, restore, rows, { expected: (row) => row.facts.deleted && mayRestore(context, identity, row), becomes: false }) : []),
  ])
}

interface Effect {
  expected(row: SubjectRow): boolean
  becomes: boolean
}

/** For all rows in one request, and by itself for a row that the call reaches and one that it does not: only then strays are seen. */
function calls(context: ShapeContext, identity: Identity, called: FunctionPlan, rows: readonly SubjectRow[], effect: Effect): Probe[] {
  const { table } = context.subject
  const keys = table.primaryKey.map((name) => ident(name))
  const list = rows.map((row) => `(${table.primaryKey.map((name) => valueOf(table, name, row.values[name] ?? null)).join(', ')})`)
  const all: Probe = {
    identity, verb: 'delete', shape: called.name.name, keys: ['key', 'done'], readsState: 'always',
    sql: `select ${keyExpression(table)} as key, ${qualified(called.name)}(${keys.join(', ')}) as done from (values ${list.join(', ')}) as target (${keys.join(', ')})`,
    judge: (outcome) => rows.flatMap((row) => judgeRow(context, identity, called, row, outcome, effect, new Map(outcome.keys.map(split)).get(row.key))),
    refine: (wrong) => rows.filter(({ id }) => wrong.has(id)).map((row) => call(context, identity, called, row, effect)),
  }
  return rows.length === 0 ? [] : [all, ...oneOfEach(rows, effect.expected).map((row) => call(context, identity, called, row, effect))]
}

/** `key|true`: the key may hold the separator. */
function split(text: string): [string, string] {
  const place = text.lastIndexOf('|')
  return [text.slice(0, place), text.slice(place + 1)]
}

/** Taking a deletion back is for whoever may delete any row, not only their own. */
function mayRestore(context: ShapeContext, identity: Identity, { facts }: SubjectRow): boolean {
  const { table, plan } = context.subject
  const live = { ...facts, deleted: false }
  const anyOnly = { ...table, access: { ...table.access, delete: { own: 'nobody' as const, any: table.access.delete.any } } }
  return context.allows('delete', identity, live) && may({ table: anyOnly, plan }, 'delete', identity, live)
}

function call(context: ShapeContext, identity: Identity, called: FunctionPlan, row: SubjectRow, effect: Effect): Probe {
  const { table, rows } = context.subject
  const sql = `select ${qualified(called.name)}(${table.primaryKey.map((name) => valueOf(table, name, row.values[name] ?? null)).join(', ')}) as done`
  return {
    identity, verb: 'delete', shape: `${called.name.name}, by id`, sql, keys: ['done'], readsState: 'always',
    judge: (outcome: Outcome): Judgement[] => {
      const { changed, removed } = effects(outcome, context.before)
      const strays = rows.filter((other) => removed.has(other.key) || (other !== row && changed.has(other.key)))
      const answer = judgeRow(context, identity, called, row, outcome, effect, outcome.keys[0])
      return [
        ...(outcome.code === null && outcome.keys[0] === 'false' ? answer : asIfAbsent(answer, outcome, identity, `${called.name.name} of ${row.title}`)),
        ...strays.map((other) => ({ row: other, expected: false, observed: true, complaint: `${called.name.name} called by ${identity.title} reached ${other.title}` })),
      ]
    },
  }
}

/** What the function did and what it said. */
function judgeRow(context: ShapeContext, identity: Identity, called: FunctionPlan, row: SubjectRow, outcome: Outcome, { expected, becomes }: Effect, answer: string | undefined): Judgement[] {
  const done = effects(outcome, context.before).changed.has(row.key) && outcome.state?.[row.key]?.deleted === becomes
  const lies = outcome.code === null && (answer === 'true') !== done
  return [
    ...perRow([row], outcome, identity, expected, () => done),
    ...(lies ? [{ row, expected: expected(row), observed: done, complaint: `${called.name.name} answers ${answer ?? 'null'} to ${identity.title} although ${row.title} ${done ? 'changed' : 'did not change'}` }] : []),
  ]
}
