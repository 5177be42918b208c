import { qualified } from '../../../sql/identifier.ts'
import { type Probe, asIfAbsent, perRow, tellingRows, typical, wholeTable } from '../probe.ts'
import { keyCondition } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** All rows, one row by its key, how many there are, and rows to be locked. */
export function selectProbes(context: ShapeContext): Probe[] {
  const { table, rows, world } = context.subject
  const name = qualified(table)
  const lockers = typical(world.identities, rows, (identity, { facts }) => `${context.allows('select', identity, facts)} ${context.allows('update', identity, facts)}`)
  return world.identities.flatMap((identity): Probe[] => {
    const sees = (row: (typeof rows)[number]) => context.allows('select', identity, row.facts)
    const base = { identity, readsState: 'never', verb: 'select' } as const
    const visible = rows.filter(sees).length
    return [
      {
        ...base, shape: 'all rows', sql: `select * from ${name}`, keys: table.primaryKey,
        judge: (outcome) => perRow(rows, outcome, identity, sees, ({ key }) => outcome.keys.includes(key)),
      },
      {
        ...base, shape: 'count', sql: `select count(*) as count from ${name}`, keys: ['count'],
        judge: (outcome) => {
          const counted = Number(outcome.keys[0] ?? 0)
          if (counted === visible) return []
          return [{ row: wholeTable, expected: counted < visible, observed: counted > visible, complaint: `${identity.title} counts ${counted} rows of ${name} instead of ${visible}` }]
        },
      },
      // Locking is a right of those who may update, on rows that they see.
      ...['for update', ...(lockers.includes(identity) ? ['for share'] : [])].map((lock): Probe => ({
        ...base, verb: 'update', shape: lock, sql: `select * from ${name} ${lock}`, keys: table.primaryKey,
        judge: (outcome) => perRow(rows, outcome, identity, (row) => sees(row) && context.allows('update', identity, row.facts), ({ key }) => outcome.keys.includes(key)),
      })),
      ...tellingRows(rows, sees).map((row): Probe => ({
        ...base, shape: 'by id', sql: `select * from ${name} where ${keyCondition(context.subject, row)}`, keys: table.primaryKey,
        judge: (outcome) => asIfAbsent(perRow([row], outcome, identity, sees, ({ key }) => outcome.keys.includes(key)), outcome, identity, `SELECT of ${row.title}`),
      })),
    ]
  })
}
