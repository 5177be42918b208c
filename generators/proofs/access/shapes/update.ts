import type { RowFacts } from '../../../design/access.ts'
import { writableColumns } from '../../../design/spec.ts'
import { ident, qualified } from '../../../sql/identifier.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Judgement, type Probe, asIfAbsent, brokenBy, effects, lacksRight, perRow, refused, speakers, tellingRows } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import { type Change, type SubjectRow, isThere, keyCondition, protectedColumns, steadyValue, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** All rows with a condition and without one, with the rows given back, one row by key, and columns that are not the caller's to write. */
export function updateProbes(context: ShapeContext): Probe[] {
  const { rows, world, changes } = context.subject
  const speaking = speakers(world.identities, (identity) => rows.some(({ facts }) => context.allows('update', identity, facts)))
  return world.identities.flatMap((identity) => [
    ...rowProbes(context, identity, speaking.includes(identity)),
    ...(changes.blind ? [blindProbe(context, identity, changes.blind), ...farRows(context, identity, changes.blind)] : []),
    ...(speaking.includes(identity) ? protectedProbes(context, identity) : []),
  ])
}

// A WHERE or RETURNING reads columns, so the policies of SELECT apply as well.
function rowProbes(context: ShapeContext, identity: Identity, speaking: boolean): Probe[] {
  const { subject: { table, rows, changes } } = context
  const name = qualified(table)
  const probe = (asked: readonly SubjectRow[], shape: string, sql: string, keys: readonly string[] | null = null): Probe => ({
    identity, verb: 'update', shape, sql, keys, readsState: 'affected',
    judge: (outcome) => writes(context, identity, outcome, (candidate) => asked.includes(candidate), reaches(context, identity)),
  })
  const byId = (row: SubjectRow) => {
    const change = changes.byRow.get(row.key)
    if (!change) return []
    const one = probe([row], 'by id', `update ${name} set ${ident(change.column)} = ${change.sql} where ${keyCondition(context.subject, row)}`)
    return [{ ...one, judge: (outcome: Outcome) => asIfAbsent(one.judge(outcome), outcome, identity, `UPDATE of ${row.title}`) }]
  }
  const common = commonChange(context)
  if (!common) return rows.flatMap(byId)
  const refine = (wrong: ReadonlySet<string>) => rows.filter(({ id }) => wrong.has(id)).flatMap(byId)
  const where = `update ${name} set ${ident(common.column)} = ${common.sql} where ${isThere(table)}`
  return [
    { ...probe(rows, 'where', where), refine },
    { ...probe(rows, 'returning', `${where} returning *`, table.primaryKey), refine },
    ...(speaking ? everyColumn(context) : []).map((list) => probe(rows, 'every column', `update ${name} set ${list}`)),
    probe(rows, 'to itself', `update ${name} set ${ident(common.column)} = ${ident(common.column)}`),
    ...tellingRows(rows, ({ facts }) => reaches(context, identity)(facts)).flatMap(byId),
  ]
}

/** `a = a, b = b`: all that the role has a right to write, once. */
function everyColumn({ subject: { table } }: ShapeContext): string[] {
  const columns = writableColumns(table, 'update')
  return columns.length === 0 ? [] : [columns.map((name) => `${ident(name)} = ${ident(name)}`).join(', ')]
}

/** A value for all rows at once that has no say in who sees them. */
function commonChange({ subject: { table: { access }, changes } }: ShapeContext): Change | null {
  return changes.blind && ![access.where.own, access.where.any].join(' ').includes(changes.blind.column) ? changes.blind : null
}

/** No column is read, so nothing but the rule of UPDATE stands between the caller and each row. Where no value fits all rows, each keeps its own, which is read. */
function blindProbe(context: ShapeContext, identity: Identity, { column, sql }: Change): Probe {
  const { table } = context.subject
  return {
    identity, verb: 'update', readsState: 'affected', shape: 'blind', keys: null,
    sql: `update ${qualified(table)} set ${ident(column)} = ${sql}`,
    judge: (outcome) => writes(context, identity, outcome, () => true, sql === ident(column) ? reaches(context, identity) : (facts) => context.allows('update', identity, facts)),
  }
}

/** Where each row keeps its own value, the rule of SELECT stood beside. So one value for all once more, when nothing is left but what is out of reach. */
function farRows(context: ShapeContext, identity: Identity, { column, sql }: Change): Probe[] {
  const { table, rows } = context.subject
  const far = rows.filter(({ facts }) => !context.allows('update', identity, facts))
  const [row] = far
  if (!row || !isClient(identity) || table.kind !== 'row' || sql !== ident(column)) return []
  return [
    {
      identity, verb: 'update', readsState: 'never', shape: 'blind, out of reach', keys: null,
      setup: `delete from ${qualified(table)} where not (${far.map((one) => `(${keyCondition(context.subject, one)})`).join(' or ')})`,
      sql: `update ${qualified(table)} set ${ident(column)} = ${valueOf(table, column, row.values[column] ?? null)}`,
      judge: (outcome) => [{ row, expected: false, observed: outcome.count > 0 || (outcome.code !== null && !lacksRight(outcome)) }],
    },
  ]
}

/** Key, owner, tenant, timestamps and whatever else is fixed or the service's. One row is enough: the right is one of the column. */
function protectedProbes(context: ShapeContext, identity: Identity): Probe[] {
  const { table, rows } = context.subject
  const row = rows.find(({ facts }) => context.allows('update', identity, facts)) ?? rows[0]
  if (!row) return []
  return protectedColumns(table, 'update').flatMap(({ name, identity: isIdentity }) => {
    const sql = `update ${qualified(table)} set ${ident(name)} = ${valueOf(table, name, otherValue(context, name, row))}`
    const probe = (shape: string, text: string): Probe => ({
      identity, verb: 'update', readsState: 'never', shape: `set ${name}, ${shape}`, keys: null, sql: text,
      judge: (outcome) => {
        // A number that is always generated is refused before rights are looked at.
        const complaint = lacksRight(outcome) || (isIdentity && outcome.code === '428C9') ? undefined : `${identity.caller.role} has the right to write ${table.schema}.${table.name}.${name}${outcome.code === null ? '' : ` (${outcome.code}: ${outcome.message})`}`
        return [{ row, expected: false, observed: outcome.code === null, ...(complaint === undefined ? {} : { complaint }) }]
      },
    })
    const scope = name === table.tenantColumn || name === table.ownerColumn
    return [probe('by id', `${sql} where ${keyCondition(context.subject, row)}`), ...(scope ? [probe('blind', sql)] : [])]
  })
}

/** Another tenant, another owner; for the rest what is there already, because the right is what is asked. */
function otherValue({ subject: { table, world } }: ShapeContext, column: string, row: SubjectRow): string | null {
  const own = row.values[column] ?? null
  if (column === table.tenantColumn) return world.tenants.find(({ key }) => key !== own)?.key ?? own
  if (column === table.ownerColumn) return world.owners.find(({ identity }) => identity.caller.userId !== own)?.identity.caller.userId ?? own
  return steadyValue(table, column, own)
}

function reaches(context: ShapeContext, identity: Identity): (facts: RowFacts) => boolean {
  return (facts) => context.allows('update', identity, facts) && context.allows('select', identity, facts)
}

/** Rows that were asked for change as the spec says; all others stay. */
function writes(context: ShapeContext, identity: Identity, outcome: Outcome, asked: (row: SubjectRow) => boolean, expected: (facts: RowFacts) => boolean): Judgement[] {
  const { changed, removed } = effects(outcome, context.before)
  const touched = (row: SubjectRow) => changed.has(row.key) || removed.has(row.key)
  const { rows } = context.subject
  const requested = rows.filter(asked)
  const judgements = perRow(requested, outcome, identity, ({ facts }) => expected(facts), touched)
  if (brokenBy(outcome, identity) !== undefined) return judgements
  const strays = rows.filter((row) => !asked(row) && touched(row)).map((row): Judgement => ({ row, expected: false, observed: true }))
  return [...judgements, ...strays, ...told(context, identity, outcome, requested, expected)]
}

/** Rows out of reach are as if they were not there: an error of row level security, instead of nothing, tells that USING let some pass. */
function told({ subject: { table } }: ShapeContext, identity: Identity, outcome: Outcome, rows: readonly SubjectRow[], expected: (facts: RowFacts) => boolean): Judgement[] {
  const [first] = rows
  if (!first || outcome.code !== refused || lacksRight(outcome) || rows.some(({ facts }) => expected(facts))) return []
  return [{ row: first, expected: false, observed: false, complaint: `USING lets ${identity.title} reach rows of ${table.schema}.${table.name} that only WITH CHECK refuses` }]
}
