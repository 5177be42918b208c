import { type TableSpec, columnOf, writableColumns } from '../../../design/spec.ts'
import { identList, qualified } from '../../../sql/identifier.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Judgement, type Probe, brokenBy, effects, refused } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import { type NewRow, type Subject, protectedColumns, steadyValue, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** Plain, with the row given back, where a conflict is ignored, several at once, and with columns that are not the caller's to write. */
export function insertProbes(context: ShapeContext): Probe[] {
  const { world, drafts } = context.subject
  return world.identities.flatMap((identity) => {
    const rows = drafts.get(identity) ?? []
    return [...rows.flatMap((row) => rowProbes(context, identity, row)), ...bulkProbe(context, identity, rows), ...(isClient(identity) ? protectedProbes(context, identity, rows) : [])]
  })
}

function rowProbes(context: ShapeContext, identity: Identity, row: NewRow): Probe[] {
  const { table } = context.subject
  const sql = insertAs(context.subject, identity, row)
  const allowed = context.allows('insert', identity, row.facts)
  const probe = (shape: string, text: string, expected: boolean, keys: readonly string[] | null = null): Probe => ({
    identity, verb: 'insert', shape, sql: text, keys, readsState: 'affected', judge: (outcome) => stored(context, identity, outcome, row, expected),
  })
  return [
    probe('plain', sql, allowed),
    // The row that comes back is read, so it must be one that the caller sees.
    probe('returning', `${sql} returning *`, allowed && context.allows('select', identity, row.facts), table.primaryKey),
    probe('on conflict do nothing', `${sql} on conflict do nothing`, allowed),
    ...withoutOwner(context, identity, row).map((text) => probe('owner left out', text, allowed)),
  ]
}

/** The row as this caller would send it. */
export function insertAs({ table }: Pick<Subject, 'table'>, identity: Identity, row: NewRow): string {
  return insertSql(table, namedColumns(table, identity, row), [row])
}

/** The default of the owner is the caller. */
function withoutOwner({ subject: { table } }: ShapeContext, identity: Identity, row: NewRow): string[] {
  const owner = table.ownerColumn
  if (owner === null || !isClient(identity) || row.facts.owner !== identity.caller.userId || columnOf(table, owner).default === null) return []
  return [insertSql(table, namedColumns(table, identity, row).filter((name) => name !== owner), [row])]
}

/** One valid row and one that is refused: neither may stay. */
function bulkProbe(context: ShapeContext, identity: Identity, rows: readonly NewRow[]): Probe[] {
  const { table } = context.subject
  const good = rows.find(({ facts }) => context.allows('insert', identity, facts))
  const bad = rows.find(({ facts }) => !context.allows('insert', identity, facts))
  if (!good || !bad) return []
  const columns = [...new Set([...namedColumns(table, identity, good), ...namedColumns(table, identity, bad)])]
  return [
    {
      identity, verb: 'insert', shape: 'bulk with a valid row', keys: null, readsState: 'affected', sql: insertSql(table, columns, [good, bad]),
      judge: (outcome) => stored(context, identity, outcome, bad, false),
    },
  ]
}

/** Key, timestamps, deletion, what the service or the file job writes: the client has no right to name them. */
function protectedProbes(context: ShapeContext, identity: Identity, rows: readonly NewRow[]): Probe[] {
  const { table } = context.subject
  const row = rows.find(({ facts }) => context.allows('insert', identity, facts)) ?? rows[0]
  if (!row) return []
  return protectedColumns(table, 'insert').map(({ name, identity: isIdentity }): Probe => ({
    identity, verb: 'insert', shape: `set ${name}`, keys: null, readsState: 'never',
    sql: insertSql(table, [...namedColumns(table, identity, row).filter((column) => column !== name), name], [
      { ...row, columns: { ...row.columns, [name]: steadyValue(table, name, row.columns[name] ?? row.stored[name] ?? null) } },
    ]),
    judge: (outcome) => {
      // A number that is always generated is refused before rights are looked at.
      const isRefused = outcome.code === refused || (isIdentity && outcome.code === '428C9')
      const complaint = `${identity.caller.role} has the right to name ${table.schema}.${table.name}.${name} in an INSERT${outcome.code === null ? '' : ` (${outcome.code}: ${outcome.message})`}`
      return [{ row, expected: false, observed: outcome.code === null, ...(isRefused ? {} : { complaint }) }]
    },
  }))
}

/** Clients name what they may write; the service names everything. A value that is the column's null is left out. */
function namedColumns(table: TableSpec, identity: Identity, row: NewRow): string[] {
  const writable = writableColumns(table, 'insert')
  const scope = [table.ownerColumn, table.tenantColumn]
  return Object.keys(row.columns).filter((name) => {
    if (row.columns[name] === null && !scope.includes(name)) return false
    return isClient(identity) ? writable.includes(name) : columnOf(table, name).generated === null && !columnOf(table, name).identity
  })
}

function insertSql(table: TableSpec, columns: readonly string[], rows: readonly NewRow[]): string {
  if (columns.length === 0) return `insert into ${qualified(table)} default values`
  const list = (row: NewRow) => `(${columns.map((name) => valueOf(table, name, row.columns[name] ?? row.stored[name] ?? null)).join(', ')})`
  return `insert into ${qualified(table)} (${identList(columns)}) values ${rows.map(list).join(', ')}`
}

function stored(context: ShapeContext, identity: Identity, outcome: Outcome, row: NewRow, expected: boolean): Judgement[] {
  const { added, changed, removed } = effects(outcome, context.before)
  const broken = brokenBy(outcome, identity)
  const { table } = context.subject
  const wrong = added.find(([, state]) => (table.ownerColumn !== null && state.owner !== row.facts.owner) || (table.tenantColumn !== null && state.tenant !== row.facts.tenant))
  const complaint =
    broken ??
    (expected && wrong ? `the INSERT by ${identity.title} stored owner ${wrong[1].owner} and tenant ${wrong[1].tenant} instead of what was asked for` : undefined) ??
    (changed.size + removed.size > 0 ? `the INSERT by ${identity.title} changed rows that were there before` : undefined)
  return [{ row, expected, observed: added.length > 0, ...(complaint === undefined ? {} : { complaint }) }]
}
