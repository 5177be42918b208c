import type { JobTableSpec } from '../../../design/job-spec.ts'
import { jobOnTable } from '../../../design/job-spec.ts'
import type { Verb } from '../../../design/spec.ts'
import { ident, identList, qualified } from '../../../sql/identifier.ts'
import type { Identity } from '../identity.ts'
import { type Judgement, type Probe, brokenBy, effects, lacksRight, perRow, wholeTable } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import { type NewRow, steadyValue, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** What each background job may do, row by row and column by column, and that it may do nothing else: also with tables that it has nothing to do with. */
export function jobProbes(context: ShapeContext): Probe[] {
  const { world, table } = context.subject
  return world.identities.flatMap((identity) => {
    const access = identity.job ? jobOnTable(identity.job, table) : null
    const holds = (verb: Verb) => access?.rights.some((right) => right.verb === verb) === true
    return [
      ...(access && holds('select') ? reads(context, identity, access) : [refusal(context, identity, 'select', 'refused', `select from ${qualified(table)}`)]),
      ...(access && holds('insert') ? inserts(context, identity, access) : [refusal(context, identity, 'insert', 'refused', `insert into ${qualified(table)} default values`)]),
      ...(access && holds('update') ? updates(context, identity, access) : [refusal(context, identity, 'update', 'refused', setTo(context, anyColumn(context)))]),
      ...(access && holds('delete') ? deletes(context, identity) : [refusal(context, identity, 'delete', 'refused', `delete from ${qualified(table)}`)]),
      refusal(context, identity, 'delete', 'truncate', `truncate ${qualified(table)}`),
    ]
  })
}

function reads(context: ShapeContext, identity: Identity, access: JobTableSpec): Probe[] {
  const { table, rows } = context.subject
  const columns = columnsOf(access, 'select')
  const keyed = columns === null || table.primaryKey.every((name) => columns.includes(name))
  const expected = (row: (typeof rows)[number]) => context.allows('select', identity, row.facts)
  const all: Probe = {
    identity, verb: 'select', shape: 'all rows', keys: keyed ? table.primaryKey : null, readsState: 'never',
    sql: `select ${columns === null ? '*' : identList(columns)} from ${qualified(table)}`,
    judge: (outcome) => {
      if (keyed) return perRow(rows, outcome, identity, expected, ({ key }) => outcome.keys.includes(key))
      const right = outcome.code === null && outcome.count === rows.filter(expected).length
      return [{ row: wholeTable, expected: true, observed: right, complaint: right ? undefined : `${identity.title} reads ${outcome.count} rows of ${qualified(table)} instead of ${rows.filter(expected).length}` }].map(withoutEmpty)
    },
  }
  const hidden = columns === null ? [] : table.columns.map(({ name }) => name).filter((name) => !columns.includes(name))
  return [all, ...hidden.map((name) => refusal(context, identity, 'select', `read ${name}`, `select ${ident(name)} from ${qualified(table)}`))]
}

function inserts(context: ShapeContext, identity: Identity, access: JobTableSpec): Probe[] {
  const { table, drafts } = context.subject
  const columns = columnsOf(access, 'insert') ?? []
  const rows = drafts.get(identity) ?? []
  const insert = (row: NewRow, named: readonly string[], values: NewRow['columns']) =>
    named.length === 0 ? `insert into ${qualified(table)} default values` : `insert into ${qualified(table)} (${identList(named)}) values (${named.map((name) => valueOf(table, name, values[name] ?? row.stored[name] ?? null)).join(', ')})`
  const named = (row: NewRow) => columns.filter((name) => row.columns[name] !== null && row.columns[name] !== undefined)
  const [first] = rows
  const others = table.columns.filter(({ name, generated, identity: numbered }) => !columns.includes(name) && generated === null && !numbered).map(({ name }) => name)
  return [
    ...rows.map((row): Probe => ({
      identity, verb: 'insert', shape: 'plain', keys: null, readsState: 'affected', sql: insert(row, named(row), row.columns),
      judge: (outcome) => {
        const broken = brokenBy(outcome, identity)
        return [withoutEmpty({ row, expected: context.allows('insert', identity, row.facts), observed: effects(outcome, context.before).added.length > 0, complaint: broken })]
      },
    })),
    ...(first ? [first] : []).map((row): Probe => ({
      identity, verb: 'insert', shape: 'every column', keys: null, readsState: 'never', sql: insert(row, columns, row.columns),
      judge: (outcome) => [withoutEmpty({ row, expected: context.allows('insert', identity, row.facts), observed: outcome.code === null, complaint: brokenBy(outcome, identity) })],
    })),
    ...(first ? others : []).map((name) => {
      const values = { ...first?.columns, [name]: steadyValue(table, name, first?.columns[name] ?? first?.stored[name] ?? null) }
      return refusal(context, identity, 'insert', `set ${name}`, insert(first as NewRow, [...named(first as NewRow), name], values))
    }),
  ]
}

/** Without a condition, so that no right to read is needed. */
function updates(context: ShapeContext, identity: Identity, access: JobTableSpec): Probe[] {
  const { table, rows } = context.subject
  const columns = columnsOf(access, 'update') ?? []
  const others = table.columns.filter(({ name, generated, identity: numbered }) => !columns.includes(name) && generated === null && !numbered).map(({ name }) => name)
  return [
    {
      identity, verb: 'update', shape: 'every column', keys: null, readsState: 'affected', sql: `update ${qualified(table)} set ${columns.map((name) => `${ident(name)} = ${quotedDefault(name)}`).join(', ')}`,
      judge: (outcome) => {
        const { changed, removed } = effects(outcome, context.before)
        return perRow(rows, outcome, identity, ({ facts }) => context.allows('update', identity, facts), ({ key }) => changed.has(key) || removed.has(key))
      },
    },
    ...blindUpdate(context, identity, columns),
    ...others.map((name) => refusal(context, identity, 'update', `set ${name}`, setTo(context, name))),
  ]

  // A column that may be written need not be one that may be read.
  function quotedDefault(name: string): string {
    const readable = access.rights.find(({ verb }) => verb === 'select')
    const mayRead = readable && (readable.columns === null || readable.columns.includes(name))
    const row = rows.find(({ facts }) => context.allows('update', identity, facts)) ?? rows[0]
    return mayRead ? ident(name) : valueOf(table, name, row?.values[name] ?? null)
  }
}

/** No column is read, so nothing but the policy of UPDATE stands between the job and each row. */
function blindUpdate(context: ShapeContext, identity: Identity, columns: readonly string[]): Probe[] {
  const { table, rows } = context.subject
  const keyed = [table.primaryKey, ...table.uniques.map((unique) => unique.columns), ...table.foreignKeys.map((key) => key.columns)].flat()
  const column = columns.find((name) => !keyed.includes(name)) ?? columns[0] ?? ''
  const row = rows.find(({ facts }) => context.allows('update', identity, facts)) ?? rows[0]
  if (!row) return []
  return [
    {
      identity, verb: 'update', shape: 'blind', keys: null, readsState: 'affected', sql: `update ${qualified(table)} set ${ident(column)} = ${valueOf(table, column, row.values[column] ?? null)}`,
      judge: (outcome) => {
        const { changed } = effects(outcome, context.before)
        // A constraint that does not take the value in every row says nothing about policies.
        if (outcome.code?.startsWith('23')) return []
        return perRow(rows, outcome, identity, ({ facts }) => context.allows('update', identity, facts), ({ key }) => changed.has(key))
      },
    },
  ]
}

function deletes(context: ShapeContext, identity: Identity): Probe[] {
  const { table, rows } = context.subject
  const marks = table.softDelete === 'on_delete'
  return [
    {
      identity, verb: 'delete', shape: 'blind', keys: null, readsState: 'always', sql: `delete from ${qualified(table)}`,
      judge: (outcome) => {
        const { changed, removed } = effects(outcome, context.before)
        // A key of another table that is met shows that the policies let the rows pass.
        if (outcome.code === '23503') return rows.filter(({ facts }) => context.allows('delete', identity, facts)).slice(0, 1).map((row) => ({ row, expected: true, observed: true }))
        return perRow(rows, outcome, identity, ({ facts }) => context.allows('delete', identity, facts), ({ key }) => removed.has(key) || (marks && changed.has(key)))
      },
    },
  ]
}

/** The right itself must be missing: row level security that lets nothing pass would be a second line only. */
function refusal({ subject: { table } }: ShapeContext, identity: Identity, verb: Verb, shape: string, sql: string): Probe {
  return {
    identity, verb, shape, sql, keys: null, readsState: 'never',
    judge: (outcome) => [withoutEmpty({ row: wholeTable, expected: false, observed: false, complaint: lacksRight(outcome) ? undefined : `${identity.title} has a right on ${qualified(table)} that the spec does not give: ${verb}, ${shape}${ending(outcome)}` })],
  }
}

function ending({ code, message }: Outcome): string {
  return code === null ? '' : ` (${code}: ${message})`
}

function withoutEmpty({ complaint, ...judgement }: Omit<Judgement, 'complaint'> & { complaint: string | undefined }): Judgement {
  return complaint === undefined ? judgement : { ...judgement, complaint }
}

function columnsOf({ rights }: JobTableSpec, verb: Verb): string[] | null {
  return rights.find((right) => right.verb === verb)?.columns ?? null
}

function anyColumn({ subject: { table } }: ShapeContext): string {
  return table.columns.find(({ generated, identity }) => generated === null && !identity)?.name ?? table.columns[0]?.name ?? ''
}

function setTo({ subject: { table } }: ShapeContext, column: string): string {
  return `update ${qualified(table)} set ${ident(column)} = default`
}
