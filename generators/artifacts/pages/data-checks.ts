/** Questions to a database with real rows. Each gives no row, or zero, when all is well. */
import type { Plan, TablePlan } from '../../design/plan.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { literalList } from '../../sql/literal.ts'
import { nameOf } from '../../planner/table-indexes.ts'

/** `null` where the design gives nothing to ask. */
export function orphanCheck(plan: Plan): string | null {
  const parts = plan.tables.flatMap((table) =>
    table.foreignKeys.map((key) => {
      const joined = key.columns.map((column, place) => `parent.${ident(key.references.columns[place] ?? column)} = child.${ident(column)}`).join(' and ')
      const present = key.columns.map((column) => `child.${ident(column)} is not null`).join(' and ')
      return [
        `select ${literalList([key.name])} as foreign_key, count(*) as orphans`,
        `from ${nameOf(table.table)} as child`,
        `where ${present}`,
        `  and not exists (select from ${qualified(key.references.table)} as parent where ${joined})`,
      ].join('\n')
    }),
  )
  return parts.length === 0 ? null : `${parts.join('\nunion all\n')};`
}

/** A live row whose parent was marked as deleted: legal for the database, and hidden work for the application. */
export function softDeleteCheck(plan: Plan): string | null {
  const parts = plan.tables.flatMap((child) =>
    child.foreignKeys.flatMap((key) => {
      const parent = plan.tables.find((table) => isMarked(table) && table.table.schema === key.references.table.schema && table.table.name === key.references.table.name)
      if (!parent) return []
      const joined = key.columns.map((column, place) => `parent.${ident(key.references.columns[place] ?? column)} = child.${ident(column)}`).join(' and ')
      return [
        [
          `select ${literalList([key.name])} as foreign_key, count(*) as rows_of_deleted_parents`,
          `from ${nameOf(child.table)} as child`,
          `join ${nameOf(parent.table)} as parent on ${joined}`,
          `where parent.deleted_at is not null${isMarked(child) ? ' and child.deleted_at is null' : ''}`,
        ].join('\n'),
      ]
    }),
  )
  return parts.length === 0 ? null : `${parts.join('\nunion all\n')};`
}

/** `array['core.shows', …]::regclass[]`. */
export function tableArray(plan: Plan): string {
  return `array[${literalList(plan.tables.map((table) => nameOf(table.table)))}]::regclass[]`
}

function isMarked({ table }: TablePlan): boolean {
  return table.softDelete !== 'none'
}
