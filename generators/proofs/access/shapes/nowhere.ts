import { softDeleteFunction } from '../../../design/soft-delete-function.ts'
import { ident, qualified } from '../../../sql/identifier.ts'
import { seededUuid } from '../../fixtures/seeded.ts'
import type { Identity } from '../identity.ts'
import { type Probe, typical, unreached, wholeTable } from '../probe.ts'
import { type Subject, type SubjectRow, keyCondition, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** A key that no row has: the same answer as for a row that the caller does not reach. */
export function nowhereProbes(context: ShapeContext): Probe[] {
  const { subject } = context
  const { table, plan, rows, world, changes } = subject
  const key = nowhereKey(subject)
  if (key === null) return []
  const name = qualified(table)
  const condition = keyCondition(subject, { values: key })
  const change = changes.blind ?? [...changes.byRow.values()][0]
  const remove = plan.functions.find((one) => one.kind === 'client call' && qualified(one.name) === qualified(softDeleteFunction('delete', table)))
  const callers = typical(world.identities, rows, (identity, { facts }) => (['select', 'update', 'delete'] as const).map((verb) => context.allows(verb, identity, facts)).join())
  return callers.flatMap((identity): Probe[] => {
    const probe = (verb: Probe['verb'], sql: string): Probe => ({ identity, verb, shape: 'no such row', sql, keys: null, readsState: 'never', judge: (outcome) => judged(unreached(outcome, identity, `${verb.toUpperCase()} of a row of ${name} that does not exist`)) })
    return [
      probe('select', `select * from ${name} where ${condition}`),
      ...(change ? [probe('update', `update ${name} set ${ident(change.column)} = ${ident(change.column)} where ${condition}`)] : []),
      probe('delete', `delete from ${name} where ${condition}`),
      ...(remove ? [called(context, identity, `select ${qualified(remove.name)}(${table.primaryKey.map((column) => valueOf(table, column, key[column] ?? null)).join(', ')}) as done`)] : []),
    ]
  })
}

/** The function answers as for a row that is there and not the caller's. */
function called({ subject: { table } }: ShapeContext, identity: Identity, sql: string): Probe {
  return {
    identity, verb: 'delete', shape: 'no such row', sql, keys: ['done'], readsState: 'never',
    judge: (outcome) => judged(outcome.code === null && outcome.keys[0] === 'false' ? undefined : unreached(outcome, identity, `a call for a row of ${qualified(table)} that does not exist`)),
  }
}

function judged(complaint: string | undefined): ReturnType<Probe['judge']> {
  return [{ row: wholeTable, expected: false, observed: false, ...(complaint === undefined ? {} : { complaint }) }]
}

/** The key of a row with one part changed to a value that is nowhere; null where no value is known to be free. */
function nowhereKey({ table, rows }: Subject): SubjectRow['values'] | null {
  const [row] = rows
  for (const name of row ? table.primaryKey : []) {
    const type = table.columns.find((column) => column.name === name)?.type ?? ''
    const value = type === 'uuid' ? seededUuid('nowhere') : /^(int|bigint|integer|numeric)/.test(type) ? '987654321' : null
    if (row && value !== null) return { ...row.values, [name]: value }
  }
  return null
}
