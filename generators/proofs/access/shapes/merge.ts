import { ident, identList, qualified } from '../../../sql/identifier.ts'
import type { Identity } from '../identity.ts'
import { type Judgement, type Probe, asIfAbsent, effects, oneOfEach, perRow, speakers, typical } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import { type SubjectRow, keyCondition, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'
import { namedColumns } from './insert.ts'

/** MERGE, and UPDATE that joins: the rules of SELECT, UPDATE and INSERT, asked by statements that combine them. */
export function mergeProbes(context: ShapeContext): Probe[] {
  const { rows, world } = context.subject
  const reach = (identity: Identity, { facts }: SubjectRow) => `${context.allows('select', identity, facts)} ${context.allows('update', identity, facts)}`
  const inserting = speakers(world.identities, (identity) => (context.subject.drafts.get(identity) ?? []).some(({ facts }) => context.allows('insert', identity, facts)))
  return [
    ...typical(world.identities, rows, reach).flatMap((identity) => oneOfEach(rows, (row) => reach(identity, row)).flatMap((row) => [...matched(context, identity, row), ...joined(context, identity, row)])),
    ...inserting.flatMap((identity) => notMatched(context, identity)),
  ]
}

/** A row that is seen and may not be changed is an error here; one that is not seen is not matched. */
function matched(context: ShapeContext, identity: Identity, row: SubjectRow): Probe[] {
  const { table, changes } = context.subject
  const column = changes.byRow.get(row.key)?.column
  if (column === undefined) return []
  const key = table.primaryKey.map((name) => `${valueOf(table, name, row.values[name] ?? null)} as ${ident(name)}`).join(', ')
  const on = table.primaryKey.map((name) => `target.${ident(name)} = source.${ident(name)}`).join(' and ')
  return [written(context, identity, row, 'merge', `merge into ${qualified(table)} as target using (select ${key}) as source on ${on} when matched then update set ${ident(column)} = target.${ident(column)}`)]
}

function joined(context: ShapeContext, identity: Identity, row: SubjectRow): Probe[] {
  const { table, changes } = context.subject
  const column = changes.byRow.get(row.key)?.column
  if (column === undefined) return []
  const on = table.primaryKey.map((name) => `target.${ident(name)} = other.${ident(name)}`).join(' and ')
  const condition = keyCondition(context.subject, row)
  return [written(context, identity, row, 'with a join', `update ${qualified(table)} as target set ${ident(column)} = other.${ident(column)} from (select * from ${qualified(table)} where ${condition}) as other where ${on}`)]
}

function written(context: ShapeContext, identity: Identity, row: SubjectRow, shape: string, sql: string): Probe {
  const { rows } = context.subject
  const sees = context.allows('select', identity, row.facts)
  return {
    identity, verb: 'update', shape, keys: null, readsState: 'affected', sql,
    judge: (outcome: Outcome): Judgement[] => {
      const { changed, removed } = effects(outcome, context.before)
      const answer = perRow([row], outcome, identity, ({ facts }) => sees && context.allows('update', identity, facts), ({ key }) => changed.has(key))
      const strays = rows.filter((other) => other !== row && (changed.has(other.key) || removed.has(other.key)))
      return [
        ...(sees ? answer : asIfAbsent(answer, outcome, identity, `${sql.slice(0, sql.indexOf(' ')).toUpperCase()} of ${row.title}`)),
        ...strays.map((other) => ({ row: other, expected: false, observed: true })),
      ]
    },
  }
}

function notMatched(context: ShapeContext, identity: Identity): Probe[] {
  const { table, drafts } = context.subject
  const allowed = (row: { facts: SubjectRow['facts'] }) => context.allows('insert', identity, row.facts)
  return oneOfEach(drafts.get(identity) ?? [], allowed).flatMap((row): Probe[] => {
    const columns = namedColumns(table, identity, row)
    if (columns.length === 0) return []
    const values = columns.map((name) => valueOf(table, name, row.columns[name] ?? row.stored[name] ?? null)).join(', ')
    return [
      {
        identity, verb: 'insert', shape: 'merge', keys: null, readsState: 'affected',
        sql: `merge into ${qualified(table)} as target using (select 1) as source on false when not matched then insert (${identList(columns)}) values (${values})`,
        judge: (outcome) => perRow([{ ...row, key: '', values: row.stored }], outcome, identity, allowed, () => effects(outcome, context.before).added.length > 0).map((one) => ({ ...one, row })),
      },
    ]
  })
}
