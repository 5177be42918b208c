import { relations } from './scope.ts'

export interface CheckRow {
  schema: string
  table: string
  name: string
  expression: string
}

export const checksQuery = `
  select n.nspname as schema, c.relname as "table", o.conname as name, pg_get_expr(o.conbin, o.conrelid) as expression
  from ${relations}
  join pg_catalog.pg_constraint o on o.conrelid = c.oid and o.contype = 'c'
  order by n.nspname collate "C", c.relname collate "C", o.conname collate "C"`
