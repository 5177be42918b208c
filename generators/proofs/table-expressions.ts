/** The expressions of one table: types, defaults, generated columns, checks, predicates. */
import type { Path } from '../design/source.ts'
import type { ColumnSpec, Spec, TableSpec } from '../design/spec.ts'
import { columnPath, tablePath } from '../design/table-path.ts'
import { parseExpression } from '../sql/expression.ts'
import { ident, identList, qualified } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'
import type { Trial } from './expression-trial.ts'

export interface TrialColumns {
  /** Columns whose type the server does not know. They are there as text, and nothing is said about what uses them. */
  broken: Set<string>
}

/** Creates the table with its columns and nothing else. Null when it cannot be there. */
export async function createTrialTable(trial: Trial, spec: Spec, table: TableSpec): Promise<TrialColumns | null> {
  const path = tablePath(spec, table)
  const broken = new Set<string>()
  for (const column of table.columns) {
    // A cast would let pseudo-types through.
    const isType = await trial.attempt([...columnPath(path, column), 'type'], `create temporary table trr_db_trial (value ${column.type})`)
    if (!isType) broken.add(column.name)
  }
  const columns = table.columns.map(({ name, type }) => `${ident(name)} ${broken.has(name) ? 'text' : type}`)
  const isThere = await trial.attempt(path, `create table ${qualified(table)} (${columns.join(', ')})`, { keep: true, key: true })
  return isThere ? { broken } : null
}

type Attempt = (at: Path, expression: string | null, statement: (sql: string) => string) => Promise<boolean>

/** Tries everything that stands on the columns. */
export async function tryTable(trial: Trial, spec: Spec, table: TableSpec, { broken }: TrialColumns): Promise<void> {
  const path = tablePath(spec, table)
  const name = qualified(table)
  const isSound = (sql: string) => parseExpression(sql).columns.every((parts) => !broken.has(parts.at(-1) ?? ''))
  const attempt: Attempt = async (at, expression, statement) => expression !== null && isSound(expression) && trial.attempt(at, statement(expression))
  const plan = async (at: Path, predicate: string) => {
    await trial.attempt(at, `explain select from ${name} where (${predicate})`)
    await trial.refuseVolatile(at, parseExpression(predicate).functions)
  }
  const check = async (at: Path, expression: string | null) => {
    const isPredicate = await attempt(at, expression, (sql) => `alter table ${name} add constraint trr_db_trial check (${sql})`)
    // Only a plan looks into the constants: a regular expression is not read before.
    if (isPredicate && expression !== null) await plan(at, expression)
  }
  for (const column of table.columns) {
    const at = columnPath(path, column)
    if (!broken.has(column.name)) await tryDefault(trial, attempt, [...at, 'default'], name, column)
    await attempt([...at, 'generated'], column.generated, (sql) => `alter table ${name} add column trr_db_trial ${broken.has(column.name) ? 'text' : column.type} generated always as (${sql}) stored`)
    await check([...at, 'check'], column.check)
  }
  for (const [index, { sql }] of table.checks.entries()) await check([...path, 'checks', index], sql)
  for (const { columns, where } of table.uniques) {
    if (columns.every((column) => !broken.has(column))) await attempt([...path, 'unique'], where, (sql) => `create unique index on ${name} (${identList(columns)}) where ${sql}`)
  }
  await tryIndexes(trial, attempt, path, table, broken)
  for (const side of ['own', 'any'] as const) {
    if (side === 'any' && table.access.where.any === table.access.where.own) continue
    const at = [...path, 'access', 'where']
    const where = table.access.where[side]
    const isPredicate = await attempt(at, where, (sql) => `create policy trr_db_trial on ${name} for select using (${sql})`)
    if (isPredicate && where !== null) await plan(at, where)
  }
  await trySkew(trial, path, table, broken)
}

/** What no row can hold is no default: it is stored once, with the check that knows this column alone. */
const refusals = { constant: ['23514', '22001', '22003', '57014'], expression: ['57014'] }

async function tryDefault(trial: Trial, attempt: Attempt, path: Path, table: string, { name, type, default: value, check }: ColumnSpec): Promise<void> {
  const isTyped = await attempt(path, value, (sql) => `alter table ${table} alter column ${ident(name)} set default ${sql}`)
  if (!isTyped || value === null) return
  const isConstant = parseExpression(value).isConstant
  const own = isConstant && check !== null && parseExpression(check).columns.every((parts) => parts.length === 1 && parts[0] === name) ? ` check (${check})` : ''
  await trial.attempt(path, `create temporary table trr_db_trial (${ident(name)} ${type} default ${value}${own})`, {
    then: 'insert into trr_db_trial default values',
    only: isConstant ? refusals.constant : refusals.expression,
  })
}

async function tryIndexes(trial: Trial, attempt: Attempt, path: Path, { indexes, schema, name: tableName }: TableSpec, broken: ReadonlySet<string>): Promise<void> {
  const name = qualified({ schema, name: tableName })
  for (const [index, { columns, using, include, where }] of indexes.entries()) {
    const at = [...path, 'indexes', index]
    const more = include.length > 0 ? ` include (${identList(include)})` : ''
    if ([...columns, ...include].every((column) => !broken.has(column))) await trial.attempt(at, `create index on ${name} using ${using} (${identList(columns)})${more}`)
    await attempt([...at, 'where'], where, (sql) => `create index on ${name} ((1)) where ${sql}`)
  }
}

/** Statistics are made of these values. */
async function trySkew(trial: Trial, path: Path, { columns, scale }: TableSpec, broken: ReadonlySet<string>): Promise<void> {
  for (const [name, shares] of Object.entries(scale.skew)) {
    const type = columns.find((column) => column.name === name)?.type
    if (type === undefined || broken.has(name)) continue
    for (const value of Object.keys(shares)) await trial.attempt([...path, 'scale', 'skew', name, value], `select ${literal(value)}::${type}`, { key: true })
  }
}
