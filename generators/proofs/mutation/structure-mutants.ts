import type { TablePlan } from '../../design/plan.ts'
import { scopeColumn } from '../../design/spec.ts'
import { realtimePublication } from '../../planner/realtime.ts'
import { ident, identList, qualified } from '../../sql/identifier.ts'
import type { AppliedTable } from './applied.ts'
import type { Mutant } from './mutant.ts'

/** Requests whose shape begins so. */
export const sharedValue = 'a value of another tenant'

/** Keys that forget the tenant, triggers that do not run, an owner who is nobody, a table that everybody subscribes to. */
export function structureMutants(applied: AppliedTable, planned: TablePlan): Mutant[] {
  const { table } = planned
  const name = qualified(table)
  const mutant = (says: string, effect: Mutant['effect'], sql: string, verbs: Mutant['verbs'], hint: string | null = null): Mutant => ({ says: `${name}: ${says}`, effect, sql, table: applied.name, verbs, hint, equivalent: null })
  const tenant = scopeColumn(table)
  const withoutTenant = (columns: readonly string[]) => columns.filter((column) => column !== tenant)
  const owner = planned.columns.find((column) => column.name === table.ownerColumn)
  return [
    ...planned.foreignKeys.filter(({ tenantScoped, columns }) => tenantScoped && withoutTenant(columns).length > 0).map(({ name: key, columns, references }) => {
      const referenced = references.columns.filter((_, index) => columns[index] !== tenant)
      return mutant(`${key} without the tenant`, 'weakening', `alter table ${name} drop constraint ${ident(key)}; alter table ${name} add foreign key (${identList(withoutTenant(columns))}) references ${qualified(references.table)} (${identList(referenced)})`, ['insert'], columns.join(', '))
    }),
    ...planned.uniques.filter(({ tenantScoped, forChildren, columns }) => tenantScoped && !forChildren && withoutTenant(columns).length > 0).map(({ name: key, columns, where, nullsNotDistinct }) => ({
      ...mutant(`${key} without the tenant`, 'weakening', `create unique index on ${name} (${identList(withoutTenant(columns))})${nullsNotDistinct ? ' nulls not distinct' : ''}${where === null ? '' : ` where ${where}`}`, ['insert'], sharedValue),
      equivalent: nullsNotDistinct ? null : heldByParent(planned, withoutTenant(columns)),
    })),
    ...planned.foreignKeys.map(({ name: key }) => mutant(`${key} dropped`, 'weakening', `alter table ${name} drop constraint ${ident(key)}`, [])),
    ...[table.tenantColumn, table.ownerColumn].filter((column) => planned.columns.some((one) => one.name === column && !one.nullable && !planned.primaryKey.columns.includes(one.name))).map((column) => mutant(`${column} may be null`, 'weakening', `alter table ${name} alter column ${ident(column ?? '')} drop not null`, [])),
    ...planned.triggers.flatMap(({ name: trigger }) => {
      const [asked, hint] = trigger.endsWith('_updated_at') ? [['update'] as const, 'updated_at'] : [['insert', 'update', 'delete'] as const, 'actors']
      return [
        mutant(`trigger ${trigger} switched off`, 'weakening', `alter table ${name} disable trigger ${ident(trigger)}`, asked, hint),
        mutant(`trigger ${trigger} dropped`, 'weakening', `drop trigger ${ident(trigger)} on ${name}`, asked, hint),
      ]
    }),
    mutant('shown by a view that runs as its owner', 'weakening', `create view ${ident(table.schema)}.trr_db_mutant as select * from ${name}; grant select on ${ident(table.schema)}.trr_db_mutant to authenticated`, []),
    mutant('shown by a child table', 'weakening', `create table ${ident(table.schema)}.trr_db_mutant () inherits (${name})`, []),
    mutant('everything granted to everybody', 'weakening', `grant all on table ${name} to public`, ['select']),
    ...(owner && owner.default !== null ? [mutant(`no default for ${owner.name}`, 'restricting', `alter table ${name} alter column ${ident(owner.name)} drop default`, ['insert'], 'owner left out')] : []),
    ...(table.realtime
      ? [
          mutant('taken out of the publication of Realtime', 'restricting', `alter publication ${ident(realtimePublication)} drop table ${name}`, ['select']),
          mutant('whole old rows for subscribers', 'weakening', `alter table ${name} replica identity full`, ['select']),
        ]
      : [mutant('added to the publication of Realtime', 'weakening', `alter publication ${ident(realtimePublication)} add table ${name}`, ['select'])]),
  ]
}

/** The proof sends its requests one after another; a test with two sessions holds the locks. */
export const oneSession = 'it makes two transactions follow one another, and requests of one session do so anyway'

/** A key that names a parent of one tenant is one of that tenant anyway. */
function heldByParent({ foreignKeys, table }: TablePlan, columns: readonly string[]): string | null {
  const held = foreignKeys.find((key) => key.tenantScoped && key.columns.every((column) => column === table.tenantColumn || columns.includes(column)))
  return held ? `${held.name} holds the tenant of what ${columns.filter((column) => held.columns.includes(column)).join(', ')} names` : null
}
