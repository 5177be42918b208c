import type { Plan, TablePlan } from '../../design/plan.ts'
import { scopeColumn } from '../../design/spec.ts'
import { ident, identList, qualified } from '../../sql/identifier.ts'
import type { AppliedTable } from './applied.ts'
import type { Mutant } from './mutant.ts'

/** Keys that forget the tenant, triggers that do not run, an owner who is nobody, a table that everybody subscribes to. */
export function structureMutants(applied: AppliedTable, planned: TablePlan, { spec }: Plan): Mutant[] {
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
    ...planned.uniques.filter(({ tenantScoped, forChildren, columns }) => tenantScoped && !forChildren && withoutTenant(columns).length > 0).map(({ name: key, columns, where }) =>
      mutant(`${key} without the tenant`, 'weakening', `create unique index on ${name} (${identList(withoutTenant(columns))})${where === null ? '' : ` where ${where}`}`, ['insert'], 'a value of another tenant'),
    ),
    ...applied.triggers.map((trigger) => ({ ...mutant(`trigger ${trigger} switched off`, 'weakening', `alter table ${name} disable trigger ${ident(trigger)}`, trigger.endsWith('_updated_at') ? ['update'] : ['insert', 'update', 'delete'], trigger.endsWith('_updated_at') ? 'updated_at' : 'actors'), equivalent: neverFires(planned, trigger) })),
    ...(owner && owner.default !== null ? [mutant(`no default for ${owner.name}`, 'restricting', `alter table ${name} alter column ${ident(owner.name)} drop default`, ['insert'], 'owner left out')] : []),
    ...(spec.tables.includes(table) ? [mutant('added to the publication of Realtime', 'weakening', `alter publication supabase_realtime add table ${name}`, ['select'])] : []),
  ]
}

/** The proof sends its requests one after another; a test with two sessions holds the locks. */
export const oneSession = 'it makes two transactions follow one another, and requests of one session do so anyway'

function neverFires({ table, triggers }: TablePlan, name: string): string | null {
  if (table.kind === 'memberships' && triggers.some((trigger) => trigger.name === name && trigger.timing === 'before update or delete')) return oneSession
  const { own, any } = table.access.update
  const isOfUpdate = triggers.some((trigger) => trigger.name === name && trigger.timing === 'before update')
  return isOfUpdate && own === 'nobody' && any === 'nobody' ? 'it runs for an UPDATE, and the spec lets nobody send one' : null
}
