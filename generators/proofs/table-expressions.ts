/** The expressions of one table: types, defaults, generated columns, checks, predicates. */
import type { Path } from '../design/source.ts'
import type { ColumnSpec, Spec, TableSpec } from '../design/spec.ts'
import { parseExpression } from '../sql/expression.ts'
import { ident, identList, qualified } from '../sql/identifier.ts'
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
  const isThere = await trial.attempt(path, `create table ${qualified(table)} (${columns.join(', ')})`, { keep: true })
  return isThere ? { broken } : null
}

/** Tries everything that stands on the columns. */
export async function tryTable(trial: Trial, spec: Spec, table: TableSpec, { broken }: TrialColumns): Promise<void> {
  const path = tablePath(spec, table)
  const name = qualified(table)
  const isSound = (sql: string) => parseExpression(sql).columns.every((parts) => !broken.has(parts.at(-1) ?? ''))
  const attempt = async (at: Path, expression: string | null, statement: (sql: string) => string) => {
    if (expression !== null && isSound(expression)) await trial.attempt(at, statement(expression))
  }
  for (const column of table.columns) {
    const at = columnPath(path, column)
    if (!broken.has(column.name)) await attempt([...at, 'default'], column.default, (sql) => `alter table ${name} alter column ${ident(column.name)} set default ${sql}`)
    await attempt([...at, 'generated'], column.generated, (sql) => `alter table ${name} add column trr_db_trial ${broken.has(column.name) ? 'text' : column.type} generated always as (${sql}) stored`)
    await attempt([...at, 'check'], column.check, (sql) => `alter table ${name} add constraint trr_db_trial check (${sql})`)
  }
  for (const [index, { sql: check }] of table.checks.entries()) {
    await attempt([...path, 'checks', index], check, (sql) => `alter table ${name} add constraint trr_db_trial check (${sql})`)
  }
  for (const { columns, where } of table.uniques) {
    if (columns.every((column) => !broken.has(column))) await attempt([...path, 'unique'], where, (sql) => `create unique index on ${name} (${identList(columns)}) where ${sql}`)
  }
  for (const [index, { where }] of table.indexes.entries()) {
    // Whether the method takes the columns is the planner's question; here it is the predicate alone.
    await attempt([...path, 'indexes', index, 'where'], where, (sql) => `create index on ${name} ((1)) where ${sql}`)
  }
  for (const side of ['own', 'any'] as const) {
    if (side === 'any' && table.access.where.any === table.access.where.own) continue
    await attempt([...path, 'access', 'where'], table.access.where[side], (sql) => `create policy trr_db_trial on ${name} for select using (${sql})`)
  }
}

/** The key as it is written when it is written plainly; otherwise an issue falls back to what encloses it. */
function tablePath(spec: Spec, { schema, name }: TableSpec): Path {
  return ['tables', schema === spec.schema ? name : `${schema}.${name}`]
}

/** Columns that the tool added are not in the file: the table is. */
function columnPath(table: Path, { name, origin }: ColumnSpec): Path {
  return origin === 'declared' ? [...table, 'columns', name] : table
}
