/** Parts of `create table` as SQL. */
import type { ForeignKeyPlan, TablePlan, UniquePlan } from '../design/plan.ts'
import type { ColumnSpec } from '../design/spec.ts'
import { ident, identList, qualified } from '../sql/identifier.ts'

/** `title text not null default 'x'`. */
export function columnDefinition(column: ColumnSpec): string {
  return [
    ident(column.name),
    column.type,
    ...(column.nullable ? [] : ['not null']),
    ...(column.identity ? ['generated always as identity'] : []),
    ...(column.generated === null ? [] : [`generated always as (${column.generated}) stored`]),
    ...(column.default === null ? [] : [`default ${column.default}`]),
  ].join(' ')
}

/** Keys and checks of a table, each a `constraint name …`. */
export function constraintDefinitions(plan: TablePlan): string[] {
  return [
    `constraint ${ident(plan.primaryKey.name)} primary key (${identList(plan.primaryKey.columns)})`,
    ...plan.uniques.filter((unique) => unique.kind === 'constraint').map(uniqueConstraint),
    ...plan.foreignKeys.map(foreignKeyConstraint),
    ...plan.checks.map((check) => `constraint ${ident(check.name)} check (${check.sql})`),
  ]
}

function uniqueConstraint(unique: UniquePlan): string {
  return `constraint ${ident(unique.name)} unique ${unique.nullsNotDistinct ? 'nulls not distinct ' : ''}(${identList(unique.columns)})`
}

/** `constraint name foreign key (a) references b (c) on delete …`. */
export function foreignKeyConstraint(key: ForeignKeyPlan): string {
  const onDelete = key.onDelete === 'set null' && key.setNullColumns ? `set null (${identList(key.setNullColumns)})` : key.onDelete
  return [
    `constraint ${ident(key.name)} foreign key (${identList(key.columns)})`,
    `references ${qualified(key.references.table)} (${identList(key.references.columns)})`,
    `on delete ${onDelete}`,
    ...(key.deferrable ? ['deferrable initially deferred'] : []),
  ].join(' ')
}
