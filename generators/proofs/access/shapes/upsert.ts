import type { RowFacts } from '../../../design/access.ts'
import { type TableSpec, writableColumns } from '../../../design/spec.ts'
import { parseExpression } from '../../../sql/expression.ts'
import { ident, identList } from '../../../sql/identifier.ts'
import type { Identity } from '../identity.ts'
import { type Probe, effects, oneOfEach, perRow, typical } from '../probe.ts'
import type { NewRow, Subject, SubjectRow } from '../subject.ts'
import type { ShapeContext } from './context.ts'
import { insertSql } from './insert.ts'

/** A row that is there already is changed instead: the new row must pass INSERT and SELECT, the old one UPDATE and SELECT; anything else is refused. */
export function upsertProbes(context: ShapeContext): Probe[] {
  const { table, rows, world } = context.subject
  const key = conflictKey(context.subject)
  if (key === null || !decidedByWritten(table)) return []
  const written = (proposed: NewRow) => Object.keys(proposed.columns).some((name) => writableColumns(table, 'update').includes(name))
  const asked = (identity: Identity) => rows.filter(({ values }) => key.every((name) => values[name] !== null)).map((row) => ({ row, proposed: proposal(context.subject, identity, row, key) })).filter(({ proposed }) => written(proposed))
  const passes = (identity: Identity, row: SubjectRow, proposed: NewRow) =>
    [context.allows('insert', identity, proposed.facts), context.allows('select', identity, proposed.facts), context.allows('select', identity, row.facts), context.allows('update', identity, row.facts)]
  const callers = typical(world.identities, rows, (identity, row) => passes(identity, row, proposal(context.subject, identity, row, key)).join())
  return callers.flatMap((identity) =>
    oneOfEach(asked(identity), ({ row, proposed }) => passes(identity, row, proposed).join()).map(({ row, proposed }): Probe => {
      const change = Object.keys(proposed.columns).find((name) => writableColumns(table, 'update').includes(name)) ?? ''
      const expected = passes(identity, row, proposed).every(Boolean)
      return {
        identity, verb: 'update', shape: 'on conflict do update', keys: null, readsState: 'affected',
        sql: `${insertSql(table, Object.keys(proposed.columns), [proposed])} on conflict (${identList(key)}) do update set ${ident(change)} = excluded.${ident(change)}`,
        judge: (outcome) => {
          const { changed, added } = effects(outcome, context.before)
          const silent = !expected && outcome.code === null && changed.size + added.length === 0
          return perRow([row], outcome, identity, () => expected, () => changed.has(row.key) || added.length > 0).map((one) => ({
            ...one, ...(silent ? { complaint: `an INSERT with ON CONFLICT DO UPDATE by ${identity.title} on ${row.title} passes in silence instead of being refused` } : {}),
          }))
        },
      }
    }),
  )
}

/** Columns of a key that clients may name. */
function conflictKey({ table, plan }: Subject): string[] | null {
  const planned = plan.tables.find((candidate) => candidate.table === table)
  const writable = writableColumns(table, 'insert')
  if (table.kind !== 'row' || table.addressee !== undefined || writableColumns(table, 'update').every((name) => !writable.includes(name))) return null
  const keys = [table.primaryKey, ...(planned?.uniques ?? []).filter(({ where, forChildren }) => where === null && !forChildren).map(({ columns }) => columns)]
  return keys.find((columns) => columns.length > 0 && columns.every((name) => writable.includes(name))) ?? null
}

/** A new row with the same values is seen as the old one is. */
function decidedByWritten(table: TableSpec): boolean {
  const writable = writableColumns(table, 'insert')
  return [table.access.where.own, table.access.where.any].every((sql) => sql === null || parseExpression(sql).columns.every((path) => writable.includes(path.at(-1) ?? '')))
}

/** The same values again, as the caller's own row unless the key says whose it is. */
function proposal({ table }: Subject, { caller }: Identity, { id, title, values, facts }: SubjectRow, key: readonly string[]): NewRow {
  const writable = writableColumns(table, 'insert').filter((name) => name === table.ownerColumn || (values[name] !== null && values[name] !== undefined))
  const owner = table.ownerColumn !== null && writable.includes(table.ownerColumn) && !key.includes(table.ownerColumn) ? (caller.userId ?? facts.owner) : facts.owner
  const columns = Object.fromEntries(writable.map((name) => [name, name === table.ownerColumn ? owner : (values[name] ?? null)]))
  const sharesKey = table.primaryKey.every((name) => key.includes(name))
  const becomes: RowFacts = { ...facts, owner, deleted: false, shares: sharesKey ? facts.shares : [] }
  return { id, title, columns, stored: columns, facts: becomes }
}
