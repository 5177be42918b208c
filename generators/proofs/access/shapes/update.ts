import type { RowFacts } from '../../../design/access.ts'
import { ident, qualified } from '../../../sql/identifier.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Judgement, type Probe, brokenBy, effects, perRow, refused, tellingRows } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import { type Change, type SubjectRow, keyCondition, protectedColumns, steadyValue, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** By key, with the row given back, without effect, of every row at once, and of columns that are not the caller's to write. */
export function updateProbes(context: ShapeContext): Probe[] {
  const { rows, world, changes } = context.subject
  return world.identities.flatMap((identity) => [
    ...changing(changes, rows).map(({ row, change }) => byId(context, identity, row, change)),
    ...changing(changes, tellingRows(rows, ({ facts }) => reaches(context, identity)(facts))).flatMap(({ row, change }) => variants(context, identity, row, change)),
    ...(changes.blind ? [blindProbe(context, identity, changes.blind)] : []),
    ...(isClient(identity) ? protectedProbes(context, identity) : []),
  ])
}

/** Rows that have a value to write. */
function changing({ byRow }: ShapeContext['subject']['changes'], rows: readonly SubjectRow[]): { row: SubjectRow; change: Change }[] {
  return rows.flatMap((row) => {
    const change = byRow.get(row.key)
    return change ? [{ row, change }] : []
  })
}

// A WHERE or RETURNING reads columns, so the policies of SELECT apply as well.
function rowProbe(context: ShapeContext, identity: Identity, row: SubjectRow, shape: string, sql: string, keys: readonly string[] | null = null): Probe {
  const judge = (outcome: Outcome) => writes(context, identity, outcome, (candidate) => candidate === row, reaches(context, identity))
  return { identity, verb: 'update', shape, sql, keys, readsState: 'affected', judge }
}

function byId(context: ShapeContext, identity: Identity, row: SubjectRow, { column, sql }: Change): Probe {
  const { table } = context.subject
  return rowProbe(context, identity, row, 'by id', `update ${qualified(table)} set ${ident(column)} = ${sql} where ${keyCondition(context.subject, row)}`)
}

function variants(context: ShapeContext, identity: Identity, row: SubjectRow, { column, sql }: Change): Probe[] {
  const { table } = context.subject
  const [name, where] = [qualified(table), keyCondition(context.subject, row)]
  return [
    rowProbe(context, identity, row, 'returning', `update ${name} set ${ident(column)} = ${sql} where ${where} returning *`, table.primaryKey),
    rowProbe(context, identity, row, 'to itself', `update ${name} set ${ident(column)} = ${ident(column)} where ${where}`),
  ]
}

/** No column is read, so nothing but the rule of UPDATE stands between the caller and each row. */
function blindProbe(context: ShapeContext, identity: Identity, { column, sql }: Change): Probe {
  const { table } = context.subject
  return {
    identity, verb: 'update', readsState: 'affected', shape: 'blind', keys: null,
    sql: `update ${qualified(table)} set ${ident(column)} = ${sql}`,
    judge: (outcome) => writes(context, identity, outcome, () => true, (facts) => context.allows('update', identity, facts)),
  }
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
        const complaint = outcome.code === refused || (isIdentity && outcome.code === '428C9') ? undefined : `${identity.caller.role} has the right to write ${table.schema}.${table.name}.${name}${outcome.code === null ? '' : ` (${outcome.code}: ${outcome.message})`}`
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
  if (brokenBy(outcome, identity) === undefined) {
    const strays = rows.filter((row) => !asked(row) && touched(row)).map((row): Judgement => ({ row, expected: false, observed: true }))
    return [...perRow(rows.filter(asked), outcome, identity, ({ facts }) => expected(facts), touched), ...strays]
  }
  return perRow(rows.filter(asked), outcome, identity, ({ facts }) => expected(facts), touched)
}
