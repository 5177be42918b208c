import type { FunctionPlan } from '../../../design/plan.ts'
import { qualified } from '../../../sql/identifier.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Judgement, type Probe, effects, perRow } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import { type SubjectRow, may, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** `delete_<table>`, where DELETE is refused, and `undelete_<table>`, called by every client for every row. */
export function functionProbes(context: ShapeContext): Probe[] {
  const { table, plan, world, rows } = context.subject
  if (table.softDelete === 'none') return []
  const find = (prefix: string) => plan.functions.find(({ kind, name }) => kind === 'client call' && name.name.startsWith(`${prefix}_${table.name}`))
  const [remove, restore] = [table.softDelete === 'rpc' ? find('delete') : undefined, find('undelete')]
  return world.identities.filter(isClient).flatMap((identity) => [
    ...(remove ? rows.map((row) => call(context, identity, remove, row, { expected: context.allows('delete', identity, row.facts), becomes: true })) : []),
    ...(restore ? rows.filter(({ facts }) => facts.deleted).map((row) => call(context, identity, restore, row, { expected: mayRestore(context, identity, row), becomes: false })) : []),
  ])
}

/** Taking a deletion back is for whoever may delete any row, not only their own. */
function mayRestore(context: ShapeContext, identity: Identity, { facts }: SubjectRow): boolean {
  const { table, plan } = context.subject
  const live = { ...facts, deleted: false }
  const anyOnly = { ...table, access: { ...table.access, delete: { own: 'nobody' as const, any: table.access.delete.any } } }
  return context.allows('delete', identity, live) && may({ table: anyOnly, plan }, 'delete', identity, live)
}

function call(context: ShapeContext, identity: Identity, called: FunctionPlan, row: SubjectRow, { expected, becomes }: { expected: boolean; becomes: boolean }): Probe {
  const { table, rows } = context.subject
  const sql = `select ${qualified(called.name)}(${table.primaryKey.map((name) => valueOf(table, name, row.values[name] ?? null)).join(', ')}) as done`
  return {
    identity, verb: 'delete', shape: called.name.name, sql, keys: ['done'], readsState: 'always',
    judge: (outcome: Outcome): Judgement[] => {
      const { changed, removed } = effects(outcome, context.before)
      const done = changed.has(row.key) && outcome.state?.[row.key]?.deleted === becomes
      const strays = rows.filter((other) => removed.has(other.key) || (other !== row && changed.has(other.key)))
      const lies = outcome.code === null && (outcome.keys[0] === 'true') !== done
      return [
        ...perRow([row], outcome, identity, () => expected, () => done),
        ...strays.map((other) => ({ row: other, expected: false, observed: true, complaint: `${called.name.name} called by ${identity.title} reached ${other.title}` })),
        ...(lies ? [{ row, expected, observed: done, complaint: `${called.name.name} answers ${outcome.keys[0] ?? 'null'} to ${identity.title} although ${row.title} ${done ? 'changed' : 'did not change'}` }] : []),
      ]
    },
  }
}
