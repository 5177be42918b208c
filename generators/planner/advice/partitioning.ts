/** When a table is worth partitions of its time: which column, how long each, and what it costs whom. */
import type { Catalog } from '../../design/catalog.ts'
import type { Plan, TablePlan } from '../../design/plan.ts'
import type { QuerySpec } from '../../design/spec.ts'
import { qualified } from '../../sql/identifier.ts'
import { dollarQuoted, literal } from '../../sql/literal.ts'
import { scansOf } from '../raw-query.ts'
import { type TableSize, estimateTable } from '../size-model.ts'

const gigabyte = 1e9
/** Rows that go by their age from here on; without, only what no server's memory holds, and only where queries say which time they want. */
const [withRetention, withoutRetention] = [10 * gigabyte, 100 * gigabyte]
const boundedShare = 0.8
/** A table of fewer than that many months gains nothing, and planning slows down with every partition. */
const [fewest, most] = [12, 60]

const intervals = [
  { name: 'year', days: 365.25, step: '1 year', format: 'YYYY' },
  { name: 'quarter', days: 91.3125, step: '3 months', format: 'YYYY"q"Q' },
  { name: 'month', days: 30.4375, step: '1 month', format: 'YYYYMM' },
  { name: 'week', days: 7, step: '7 days', format: 'IYYY"w"IW' },
  { name: 'day', days: 1, step: '1 day', format: 'YYYYMMDD' },
] as const

export interface PartitionWish {
  planned: TablePlan
  column: string
  interval: (typeof intervals)[number]
  /** Live partitions at the horizon. */
  live: number
  size: TableSize
  /** Keys as they have to be: with the column. */
  partitioned: TablePlan
  /** Unique keys that hold within a partition only. */
  weakened: TablePlan['uniques']
  /** Queries of the table that say which time they want. */
  bounded: QuerySpec[]
}

/** Null for every ordinary table, and where something refers to it: a foreign key needs a key without the time. */
export function partitionWish(planned: TablePlan, plan: Plan, catalog: Catalog): PartitionWish | null {
  const { table, uniques, primaryKey } = planned
  const { retention, scale } = table
  if (!scale.declared || scale.growthPerDay <= 0 || table.realtime || plan.tables.some(({ foreignKeys }) => foreignKeys.some(({ references }) => qualified(references.table) === qualified(table)))) return null
  const size = estimateTable(plan, planned, catalog)
  const read = queriesOf(planned, plan, catalog)
  const column = retention?.then === 'delete' ? retention.by : (read.flatMap(({ bounds }) => bounds)[0] ?? null)
  const found = planned.columns.find(({ name }) => name === column)
  if (!found || found.nullable || !/^(timestamp|date)/.test(found.type)) return null
  const bounded = read.filter(({ bounds }) => bounds.includes(found.name))
  const rate = (list: typeof read) => list.reduce((sum, { query }) => sum + (query.perSecond ?? 1), 0)
  const isBounded = read.length > 0 && rate(bounded) >= boundedShare * rate(read)
  const weakened = uniques.filter(({ columns }) => !columns.includes(found.name))
  const large = retention?.then === 'delete' && weakened.length === 0 ? withRetention : withoutRetention
  if (size.total.horizon < large || (retention?.then !== 'delete' && !isBounded)) return null
  const days = Math.min(size.rows.horizon / scale.growthPerDay, retention?.keep.days ?? Infinity)
  const interval = intervals.find((one) => days / one.days >= fewest && days / one.days <= most)
  if (!interval) return null
  const withKey = (columns: readonly string[]) => (columns.includes(found.name) ? [...columns] : [...columns, found.name])
  const partitioned: TablePlan = { ...planned, primaryKey: { ...primaryKey, columns: withKey(primaryKey.columns) }, uniques: uniques.map((unique) => ({ ...unique, columns: withKey(unique.columns) })) }
  return { planned, column: found.name, interval, live: Math.ceil(days / interval.days), size, partitioned, weakened, bounded: bounded.map(({ query }) => query) }
}

/** Each with the columns that it bounds. */
export function queriesOf({ table }: TablePlan, { spec, queries }: Plan, catalog: Catalog): { query: QuerySpec; bounds: string[] }[] {
  return queries.flatMap(({ query }) => {
    const scans = scansOf(query, spec, catalog).filter((scan) => scan.table?.schema === table.schema && scan.table.name === table.name)
    const bounds = scans.flatMap(({ where }) => where.flatMap((condition) => ('column' in condition && ['<', '<=', '>', '>=', 'between', '='].includes(condition.operator) ? [condition.column] : [])))
    return scans.length > 0 ? [{ query, bounds }] : []
  })
}

/** Partitions from the oldest row to three ahead, closed to every client like their parent. No default: with one, none is detached concurrently. */
export function partitionsSql({ planned: { table }, interval, live }: PartitionWish): string {
  const [schema, name] = [literal(table.schema), literal(table.name)]
  const body = `declare
  first date := date_trunc(${literal(interval.name)}, now() - ${live} * interval ${literal(interval.step)});
  part text;
begin
  while first < now() + 3 * interval ${literal(interval.step)} loop
    part := left(${name}, 50) || '_p' || to_char(first, ${literal(interval.format)});
    execute format('create table %I.%I partition of %I.%I for values from (%L) to (%L)', ${schema}, part, ${schema}, ${name}, first, (first + interval ${literal(interval.step)})::date);
    execute format('alter table %I.%I enable row level security', ${schema}, part);
    execute format('revoke all on table %I.%I from public, anon, authenticated, service_role', ${schema}, part);
    first := first + interval ${literal(interval.step)};
  end loop;
end`
  return `do ${dollarQuoted(body)}`
}
