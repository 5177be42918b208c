import { type TableSpec, columnOf, writableColumns } from '../../../design/spec.ts'
import { identList, qualified } from '../../../sql/identifier.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Judgement, type Probe, brokenBy, effects, lacksRight, oneOfEach, speakers } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import { type NewRow, type Subject, protectedColumns, steadyValue, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** Plain, with the row given back, where a conflict is ignored, several at once, and with columns that are not the caller's to write. */
export function insertProbes(context: ShapeContext): Probe[] {
  const { world, drafts } = context.subject
  const mayInsert = (identity: Identity) => (drafts.get(identity) ?? []).some(({ facts }) => context.allows('insert', identity, facts))
  const speaking = speakers(world.identities, mayInsert)
  return world.identities.flatMap((identity) => {
    const rows = drafts.get(identity) ?? []
    return [...rowProbes(context, identity, rows, speaking.includes(identity)), ...bulkProbe(context, identity, rows), ...(speaking.includes(identity) ? protectedProbes(context, identity, rows) : [])]
  })
}

function rowProbes(context: ShapeContext, identity: Identity, rows: readonly NewRow[], speaking: boolean): Probe[] {
  const { table } = context.subject
  const sqlOf = (row: NewRow) => insertAs(context.subject, identity, row)
  const allowed = ({ facts }: NewRow) => context.allows('insert', identity, facts)
  // The row that comes back is read, so it must be one that the caller sees.
  const seen = (row: NewRow) => allowed(row) && context.allows('select', identity, row.facts)
  const probe = (row: NewRow, shape: string, text: string, expected: boolean, keys: readonly string[] | null = null): Probe => ({
    identity, verb: 'insert', shape, sql: text, keys, readsState: 'affected', judge: (outcome) => stored(context, identity, outcome, row, expected),
  })
  const telling = oneOfEach(rows, (row) => `${allowed(row)} ${seen(row)}`)
  return [
    ...rows.map((row) => probe(row, 'plain', sqlOf(row), allowed(row))),
    ...telling.map((row) => probe(row, 'returning', `${sqlOf(row)} returning *`, seen(row), table.primaryKey)),
    ...telling.map((row) => probe(row, 'on conflict do nothing', `${sqlOf(row)} on conflict do nothing`, allowed(row))),
    ...(speaking ? rows.filter(allowed).slice(0, 1) : []).map((row) => probe(row, 'every column', insertSql(table, everyColumn(table, identity), [row]), true)),
    ...rows.flatMap((row) => withoutOwner(context, identity, row).map((text) => probe(row, 'owner left out', text, allowed(row)))).slice(0, 1),
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
  const generated = table.columns.filter((column) => column.identity).map(({ name }): Probe => ({
    // With this clause nothing but the right stands between the caller and the number.
    identity, verb: 'insert', shape: 'overriding system value', keys: null, readsState: 'never',
    sql: insertSql(table, [...namedColumns(table, identity, row).filter((column) => column !== name), name], [{ ...row, columns: { ...row.columns, [name]: row.stored[name] ?? '987654321' } }]).replace(') values (', ') overriding system value values ('),
    judge: (outcome) => [{ row, expected: false, observed: outcome.code === null, ...(lacksRight(outcome) ? {} : { complaint: `${identity.caller.role} may choose ${table.schema}.${table.name}.${name} in an INSERT` }) }],
  }))
  return [...generated, ...protectedColumns(table, 'insert').map(({ name, identity: isIdentity }): Probe => ({
    identity, verb: 'insert', shape: `set ${name}`, keys: null, readsState: 'never',
    sql: insertSql(table, [...namedColumns(table, identity, row).filter((column) => column !== name), name], [
      { ...row, columns: { ...row.columns, [name]: steadyValue(table, name, row.columns[name] ?? row.stored[name] ?? null) } },
    ]),
    judge: (outcome) => {
      // A number that is always generated is refused before rights are looked at.
      const isRefused = lacksRight(outcome) || (isIdentity && outcome.code === '428C9')
      const complaint = `${identity.caller.role} has the right to name ${table.schema}.${table.name}.${name} in an INSERT${outcome.code === null ? '' : ` (${outcome.code}: ${outcome.message})`}`
      return [{ row, expected: false, observed: outcome.code === null, ...(isRefused ? {} : { complaint }) }]
    },
  }))]
}

/** All that the caller has a right to name, those that stay null included. */
function everyColumn(table: TableSpec, identity: Identity): string[] {
  return isClient(identity) ? writableColumns(table, 'insert') : table.columns.filter((column) => column.generated === null && !column.identity).map(({ name }) => name)
}

/** Clients name what they may write; the service names everything. A value that is the column's null is left out. */
export function namedColumns(table: TableSpec, identity: Identity, row: NewRow): string[] {
  const writable = writableColumns(table, 'insert')
  const scope = [table.ownerColumn, table.tenantColumn]
  return Object.keys(row.columns).filter((name) => {
    if (row.columns[name] === null && !scope.includes(name)) return false
    return isClient(identity) ? writable.includes(name) : columnOf(table, name).generated === null && !columnOf(table, name).identity
  })
}

export function insertSql(table: TableSpec, columns: readonly string[], rows: readonly NewRow[]): string {
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
