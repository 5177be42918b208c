/** The table under test: its rows in the world, what the spec says of them, and values to write. */
import { type RowFacts, mayDo } from '../../design/access.ts'
import { jobOnTable, mayJob } from '../../design/job-spec.ts'
import type { Plan } from '../../design/plan.ts'
import { type ColumnSpec, type TableSpec, type Verb, columnOf, deletionColumn, writableColumns } from '../../design/spec.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import type { Row } from '../fixtures/fixtures.ts'
import { type Identity, isClient } from './identity.ts'
import type { ParentRow } from './parent-row.ts'
import type { World } from './world.ts'

export interface SubjectRow {
  id: string
  title: string
  /** Values of the primary key, joined by `|`. */
  key: string
  facts: RowFacts
  values: Row
}

/** A row that could be inserted. */
export interface NewRow {
  id: string
  title: string
  facts: RowFacts
  /** What a valid INSERT names, as text. */
  columns: Row
  /** What the database stored when it was tried. */
  stored: Row
}

export interface Subject {
  plan: Plan
  table: TableSpec
  /** What the subject is called, where it is part of a table. */
  label?: string
  world: World
  rows: SubjectRow[]
  /** New rows by the identity that would insert them. */
  drafts: Map<Identity, NewRow[]>
  /** A column and its new value: for one row, and one that fits all rows at once. */
  changes: { byRow: Map<string, Change>; blind: Change | null }
  /** Rows that decide about those of the table. */
  parents: ParentRow[]
  /** What each identity might move where, as far as the keys allow it. */
  moves: Map<Identity, Move[]>
  open: string[]
  /** The same rows, asked for by background jobs. */
  of?: 'jobs'
}

/** A row gets another parent. */
export interface Move {
  row: SubjectRow
  parent: ParentRow
  becomes: RowFacts
}

export interface Change {
  column: string
  /** The new value as an expression. */
  sql: string
}

/** What the spec says. Clients without a column to write cannot update whatever the rule says. */
export function may(subject: Pick<Subject, 'table' | 'plan'>, verb: Verb, identity: Identity, facts: RowFacts): boolean {
  const { table, plan } = subject
  if (identity.job) return mayJob(verb, jobOnTable(identity.job, table), facts.jobs?.includes(identity.job.role) === true)
  if (verb === 'update' && isClient(identity) && writableColumns(table, 'update').length === 0) return false
  return mayDo(verb, identity.caller, facts, table, plan.spec.tenancy)
}

/** Columns that clients may not name, although they could be written. */
export function protectedColumns(table: TableSpec, verb: 'insert' | 'update'): ColumnSpec[] {
  const writable = writableColumns(table, verb)
  return table.columns.filter((column) => column.generated === null && !writable.includes(column.name))
}

/** `id = '…'::uuid and …` */
export function keyCondition(subject: Pick<Subject, 'table'>, row: { values: Row }): string {
  return subject.table.primaryKey.map((name) => `${ident(name)} = ${valueOf(subject.table, name, row.values[name] ?? null)}`).join(' and ')
}

/** A condition that every row meets, and that reads a column. */
export function isThere({ primaryKey }: TableSpec): string {
  return `${ident(primaryKey[0] ?? '')} is not null`
}

/** A value of the table's column as SQL. */
export function valueOf(table: TableSpec, name: string, value: string | null): string {
  const column = table.columns.find((candidate) => candidate.name === name)
  return value === null ? 'null' : `${literal(value)}::${column?.type ?? 'text'}`
}

/** A value to name where only the right to name the column is asked: never what a clock said, so that requests read the same every time. */
export function steadyValue(table: TableSpec, name: string, value: string | null): string | null {
  return /^(timestamp|date|time)/.test(columnOf(table, name).type) ? '2024-01-03' : value
}

/** One row per row of the table, for the runner. `ctid` changes with every write. */
export function stateQuery(table: TableSpec): string {
  const deletion = deletionColumn(table)
  return `select ${keyExpression(table)} as key, ctid::text as version, ${asText(table.ownerColumn)} as owner, ${asText(table.tenantColumn)} as tenant,
    ${deletion === null ? 'false' : `${ident(deletion)} is not null`} as deleted from ${qualified(table)}`
}

/** As `to_jsonb` prints the values, because that is how the runner reads the keys of an answer. */
export function keyExpression(table: TableSpec): string {
  return `concat_ws('|', ${table.primaryKey.map((name) => `to_jsonb(${ident(name)}) #>> '{}'`).join(', ')})`
}

function asText(column: string | null): string {
  return column === null ? 'null::text' : `${ident(column)}::text`
}
